// Styles of host pages that could affect the widget.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { compile } from "tailwindcss";

const { resolve } = createRequire(import.meta.url);

/** Tailwind's reset and theme, as its compiler writes them. */
async function tailwind() {
  const loadStylesheet = async (id, base) => {
    const path = resolve(id === "tailwindcss" ? "tailwindcss/index.css" : `tailwindcss/${id}`);
    return { path, base, content: await readFile(path, "utf8") };
  };
  const css = (await compile('@import "tailwindcss";', { loadStylesheet })).build([]);
  assert.match(css, /box-sizing: border-box/);
  return css;
}

/** Styles of host pages by name. */
export const STYLES = {
  "Tailwind’s preflight": tailwind,
  "Bootstrap’s reboot": () => readFile(resolve("bootstrap/dist/css/bootstrap-reboot.css"), "utf8"),
  "* { all: unset }": () => "* { all: unset } head, script, style, title { display: none }",
  "hidden buttons": () => "button, input, label, svg, fieldset, [part] { display: none !important }",
  "loud elements": () =>
    `* { color: red !important; font: italic 40px serif !important; letter-spacing: 1em !important; margin: 9px !important;
      text-transform: uppercase !important; line-height: 3 !important; visibility: visible; text-align: right !important }`,
  "a root font size of 10 px": () => "html { font-size: 10px }",
  "a root font size of 62.5 %": () => "html { font-size: 62.5% }",
  "a root font size of 24 px": () => "html { font-size: 24px }",
};
