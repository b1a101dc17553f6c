import { readJson } from "./files.mjs";

/** "auto-send" is the property `autoSend`. */
const propertyOf = (name) => name.replace(/-./g, (part) => part[1].toUpperCase());

/**
 * The source of a module with the class `Reflected`, which has the attributes of the manifest as properties, and with
 * `problemOf`, which checks the values of an element's attributes.
 */
export const attributesModule = (manifest) => {
  const { attributes } = readJson(manifest).modules[0].declarations[0];
  const table = attributes.map(({ name, fieldName, type, pattern }) => {
    if (propertyOf(name) !== fieldName) throw new Error(`the property of ${name} must be ${propertyOf(name)}`);
    const kind = ["boolean", "number"].includes(type.text) ? type.text : "string";
    return [name, kind, ...(pattern ? [`^(${pattern})$`] : [])];
  });

  return `
// The name of each attribute, its type, and the pattern of its values.
const attributes = ${JSON.stringify(table)};
// A server that renders pages may import this module, and has no HTMLElement.
export class Reflected extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = attributes.map(([name]) => name);
}
const propertyOf = ${propertyOf};
for (const [name, type] of attributes) {
  Object.defineProperty(Reflected.prototype, propertyOf(name), {
    configurable: true,
    enumerable: true,
    get() {
      const value = this.getAttribute(name);
      // React 18 and Vue write "false" for a switch that is off.
      if (type === "boolean") return (value ?? "false") !== "false";
      if (type === "string") return value;
      // A missing number is undefined, and every comparison with undefined is false.
      if (value !== null) return Number(value);
    },
    set(value) {
      if (value === false || value == null) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? "" : value);
    },
  });
}
export const problemOf = (element) => {
  for (const [name, , pattern] of attributes) {
    const value = element.getAttribute(name);
    if (pattern && value && !RegExp(pattern).test(value)) return \`\${name}="\${value}" does not match \${pattern}\`;
  }
};
`;
};
