import { readJson } from "./files.mjs";

// A framework may set a switch as text, or remove an attribute with null.
const TYPES = { boolean: 'boolean | "" | "true" | "false"', number: "number | string" };

/** The source of `attributes.d.ts`: the attributes of the manifest, for the types of each framework. */
export const attributesTypes = (manifest) => {
  const { attributes } = readJson(manifest).modules[0].declarations[0];
  const members = attributes.map(
    ({ name, type, description }) =>
      `  /** ${description} */\n  "${name}"?: ${TYPES[type.text] ?? type.text.replaceAll("'", '"')} | null | undefined;`,
  );
  return `import type { RingbackEventMap, RingbackRating } from "./index.js";

/** The attributes of <ringback-rating>. */
export interface Attributes {
${members.join("\n")}
}

type CamelCase<Name extends string> = Name extends \`\${infer Head}-\${infer Tail}\`
  ? \`\${Head}\${Capitalize<CamelCase<Tail>>}\`
  : Name;

/** The attributes under the names of their properties, and the properties that are no attributes. */
export type Properties = { [Name in keyof Attributes as CamelCase<Name>]: Attributes[Name] } & Partial<
  Pick<RingbackRating, "about" | "texts">
>;

/** Properties that listen to the element's events, such as \`onringback-submitted\`. */
export type Listeners = {
  [Name in keyof RingbackEventMap as \`on\${Name}\`]?: (event: RingbackEventMap[Name]) => void;
};
`;
};
