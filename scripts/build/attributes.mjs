import { readJson } from "./files.mjs";

/**
 * The source of a module with the class `Reflected`, which has the attributes of the manifest as properties, and with
 * `problemOf`, which checks the values of an element's attributes.
 */
export const attributesModule = (manifest) => {
  const { attributes } = readJson(manifest).modules[0].declarations[0];

  const getters = {
    // React 18 and Vue write "false" for a switch that is off.
    boolean: (name) => `(this.getAttribute(${name}) ?? "false") !== "false"`,
    // A missing attribute is undefined, and every comparison with undefined is false.
    number: (name) => `this.hasAttribute(${name}) ? Number(this.getAttribute(${name})) : undefined`,
  };
  const accessors = attributes.map(({ name, fieldName, type }) => {
    const text = JSON.stringify(name);
    const get = getters[type.text]?.(text) ?? `this.getAttribute(${text})`;
    return `  get ${fieldName}() { return ${get} }\n  set ${fieldName}(value) { set(this, ${text}, value) }`;
  });
  const patterns = attributes.filter(({ pattern }) => pattern).map(({ name, pattern }) => [name, `^(${pattern})$`]);

  return `
const set = (element, name, value) =>
  value === false || value == null ? element.removeAttribute(name) : element.setAttribute(name, value === true ? "" : value);
// A server that renders pages may import this module, and has no HTMLElement.
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
};
`;
};
