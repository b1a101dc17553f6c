// The sources of `ringback:generated`, the module that connects the loader with the files that it fetches. `server` is the
// default of the attribute `endpoint`; `locate` returns the address of a file.
import { attributesModule } from "./attributes.mjs";

const common = ({ form, style }) => `
${attributesModule("src/custom-elements.json")}
export { default as english } from "./src/text/en.json";
export const form = ${JSON.stringify(form)};
export const style = ${JSON.stringify(style)};
`;

const languagesObject = (entries) =>
  `{ en: 0, ${entries.map(([language, value]) => `${JSON.stringify(language)}: ${value}`).join(", ")} }`;

/** For `/embed/ringback.js`: the files lie beside it on the server. */
export const embedModule = ({ glue, wasm, languages }, painted) => `
${common(painted)}
export const server = new URL("..", import.meta.url).href;
export const locate = (file) => new URL(file, import.meta.url).href;
// Browsers never fetch a module again whose first request failed, except under another address.
export const glue = (attempt) => import(locate(${JSON.stringify(glue)}) + (attempt ? "?retry=" + attempt : ""));
export const wasm = ${JSON.stringify(wasm)};
export const languages = ${languagesObject(languages.map(([language, file]) => [language, JSON.stringify(file)]))};
export const translation = async (file) => (await fetch(locate(file))).json();
`;

/**
 * For the npm package: a bundler finds the files by \`new URL(…, import.meta.url)\` and \`import()\` with constants. Nothing
 * is evaluated when the module is imported, because a bundle may have no \`import.meta.url\`, and a server no page.
 */
export const packageModule = ({ glue, wasm, languages }, painted) => {
  const asset = (file) =>
    `{ name: ${JSON.stringify(file)}, bundled: () => new URL(${JSON.stringify(`./${file}`)}, import.meta.url) }`;
  return `
${common(painted)}
export const server = "";
let base;
/** Sets the folder from which the files of this package are served. */
export const setBase = (address) => (base = address.replace(/\\/*$/, "/"));
// A bundle that is a classic script has its files beside it.
const script = globalThis.document?.currentScript?.src;
export const locate = ({ name, bundled }) => {
  if (base) return new URL(base + name, document.baseURI).href;
  try {
    return bundled().href;
  } catch {
    if (!script) throw new TypeError("ringback-rating does not know the address of its files: call define({ base })");
    return new URL(name, script).href;
  }
};
const glueFile = ${asset(glue)};
export const glue = async (attempt) => {
  try {
    return await import(${JSON.stringify(`./${glue}`)});
  } catch (error) {
    if (!attempt) throw error;
    // Browsers never fetch a module again whose first request failed, except under another address.
    return import(/* webpackIgnore: true */ /* @vite-ignore */ locate(glueFile) + "?retry=" + attempt);
  }
};
export const wasm = ${asset(wasm)};
export const languages = ${languagesObject(languages.map((file) => [file, `() => import(${JSON.stringify(`./${file}.js`)})`]))};
export const translation = async (load) => (await load()).default;
`;
};
