// Prints, as JavaScript, the attributes of the manifest as properties of a class, and what is wrong with an element's. The widget's
// loader has it from `ringback:generated`.
const { readFileSync } = require("node:fs");

const manifest = JSON.parse(readFileSync("src/custom-elements.json", "utf8"));
const { attributes } = manifest.modules[0].declarations[0];

const getters = {
  boolean: (name) => `this.hasAttribute(${name})`,
  // Not set is undefined, with which every comparison is false.
  number: (name) => `this.hasAttribute(${name}) ? Number(this.getAttribute(${name})) : undefined`,
};
const accessors = attributes.map(({ name, fieldName, type }) => {
  const text = JSON.stringify(name);
  const get = getters[type.text]?.(text) ?? `this.getAttribute(${text})`;
  return `  get ${fieldName}() { return ${get} }\n  set ${fieldName}(value) { set(this, ${text}, value) }`;
});
const patterns = attributes.filter(({ pattern }) => pattern).map(({ name, pattern }) => [name, `^(${pattern})$`]);

console.log(`
const set = (element, name, value) =>
  value === false || value == null ? element.removeAttribute(name) : element.setAttribute(name, value === true ? "" : value);
// On a server, which may import this too, there are no elements.
export class Reflected extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ${JSON.stringify(attributes.map(({ name }) => name))};
${accessors.join("\n")}
}
const patterns = ${JSON.stringify(Object.fromEntries(patterns))};
export const problemOf = (element) => {
  for (const name in patterns) {
    const text = element.getAttribute(name);
    if (text && !RegExp(patterns[name]).test(text)) return \`\${name}="\${text}" does not match \${patterns[name]}\`;
  }
};`);
