/** The name of the one module that wasm-opt's --minify-imports-and-exports-and-modules leaves. */
const MODULE = "a";

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/**
 * The options with which esbuild gives the names that `optimiseAndShorten` chose to the JavaScript that wasm-bindgen
 * wrote. Throws if the two would not fit together.
 */
export const shortening = ({ imports, exports }, glue) => {
  const cache = {};
  const shorten = (name, short) => {
    if (Object.hasOwn(cache, name)) throw new Error(`"${name}" is both an import and an export`);
    cache[name] = short;
  };

  const modules = new Set(imports.map(([module]) => module));
  if (modules.size !== 1) throw new Error(`imports come from ${modules.size} modules instead of one`);
  const [module] = modules;
  if (glue.split(JSON.stringify(module)).length !== 2) throw new Error(`the glue does not name ${module} exactly once`);
  shorten(module, MODULE);

  for (const [, name, short] of imports) {
    if (!new RegExp(`^\\s+${escaped(name)}:`, "m").test(glue)) throw new Error(`the glue has no import ${name}`);
    shorten(name, short);
  }

  const exported = new Map(exports);
  for (const [, name] of glue.matchAll(/\bwasm\.([\w$]+)/g)) {
    if (!exported.has(name)) throw new Error(`the WebAssembly has no export ${name}`);
  }
  for (const [name, short] of exports) {
    // esbuild renames the property of every object.
    if (new RegExp(`(?<!\\bwasm)\\??\\.${escaped(name)}(?![\\w$])`).test(glue)) {
      throw new Error(`the glue uses "${name}" as a property of another object`);
    }
    shorten(name, short);
  }

  return {
    mangleProps: new RegExp(`^(${Object.keys(cache).map(escaped).join("|")})$`),
    mangleQuoted: true,
    mangleCache: cache,
  };
};
