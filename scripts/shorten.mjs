// Gives the JavaScript that wasm-bindgen wrote the names that wasm-opt's --minify-imports-and-exports-and-modules has put in the
// place of long ones with hashes, which no compression makes short. node scripts/shorten.mjs NAMES.json GLUE.js, in place.
import { readFileSync, writeFileSync } from "node:fs";

const [names, file] = process.argv.slice(2);
const { imports, exports } = JSON.parse(readFileSync(names, "utf8"));
let glue = readFileSync(file, "utf8");

const escaped = (text) => text.replace(/[$.]/g, "\\$&");
/** At least once: else the two do not fit together. */
const replace = (what, pattern, text) => {
  if (!pattern.test(glue)) throw new Error(`${file} has no ${what}`);
  glue = glue.replace(pattern, () => text);
};

// What is given to WebAssembly: an object for each module, which become one.
const [, own, modules] = glue.match(/"([^"]+)": import0,((?:\s+"[^"]+": import\d+,)*)/);
const objects = Object.fromEntries([...modules.matchAll(/"([^"]+)": (import\d+),/g)].map(([, name, object]) => [name, object]));
const others = [];
for (const [module, name, short] of imports) {
  if (module === own) replace(`import ${name}`, new RegExp(`^ +${escaped(name)}: `, "m"), `"${short}": `);
  else if (objects[module]) others.push(`"${short}": ${objects[module]}.${name},`);
  else throw new Error(`${file} has no module ${module}`);
}
replace("imports", /"[^"]+": import0,(?:\s+"[^"]+": import\d+,)*/, '"a": import0,');
replace("object of imports", /const import0 = \{/, `const import0 = {${others.join("")}`);

// Not all that is exported is used.
for (const [name, short] of exports) glue = glue.replace(new RegExp(`\\bwasm\\.${escaped(name)}(?![\\w$])`, "g"), () => `wasm.${short}`);
writeFileSync(file, glue);
