import assert from "node:assert/strict";
import { test } from "node:test";

import { transform } from "esbuild";

import { shortening } from "./shorten.mjs";

const GLUE = `
let wasm;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_call_8b8c: function(arg0) { return arg0.call(); },
        __wbindgen_init: function() { wasm.__wbindgen_grow(4); },
    };
    return { __proto__: null, "./widget_bg.js": import0 };
}
export function mount() { wasm.mount(); }
`;
const NAMES = {
  imports: [
    ["./widget_bg.js", "__wbg_call_8b8c", "a"],
    ["./widget_bg.js", "__wbindgen_init", "b"],
  ],
  exports: [
    ["mount", "a"],
    ["__wbindgen_grow", "b"],
    ["memory", "c"],
  ],
};

test("imports, exports and the module get their short names, and nothing else changes", async () => {
  const { code } = await transform(GLUE, shortening(NAMES, GLUE));
  assert.match(code, /\ba: function\(arg0\) \{\s+return arg0\.call\(\)/);
  assert.match(code, /\bb: function\(\) \{\s+wasm\.b\(4\)/);
  assert.match(code, /"?a"?: import0/);
  assert.match(code, /function mount\(\) \{\s+wasm\.a\(\)/);
});

const failures = [
  ["a second module", { ...NAMES, imports: [...NAMES.imports, ["env", "x", "c"]] }, GLUE, /2 modules/],
  ["no such import", NAMES, GLUE.replace("__wbg_call_8b8c", "__wbg_call_0000"), /no import __wbg_call_8b8c/],
  ["no such export", NAMES, GLUE.replace("wasm.mount", "wasm.show"), /no export show/],
  ["a module of another name", NAMES, GLUE.replace("widget_bg", "other_bg"), /does not name .\/widget_bg.js/],
  ["a property like an export", NAMES, `${GLUE}export const f = (x) => x.mount;`, /"mount" as a property/],
  ["a name on both sides", { ...NAMES, exports: [...NAMES.exports, ["__wbg_call_8b8c", "d"]] }, GLUE, /both/],
];

for (const [name, names, glue, message] of failures) {
  test(`glue that does not fit is refused: ${name}`, () => {
    assert.throws(() => shortening(names, glue), message);
  });
}
