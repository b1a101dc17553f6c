// The size of everything that a host page fetches for a rating. Before raising a limit, see docs/size.md.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { newPage } from "../lib/browser.js";
import { endedCall } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";

// The output of a stable compiler is larger (scripts/build/widget.mjs).
const BUDGET = process.env.RINGBACK_STABLE
  ? { loader: 7_700, glue: 2_800, wasm: 39_300, all: 50_000 }
  : { loader: 7_700, glue: 2_800, wasm: 31_500, all: 41_750 };
const HAND_WRITTEN = 8_900;

const compressed = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const partOf = (path) => (path.endsWith(".wasm") ? "wasm" : path.endsWith("/ringback.js") ? "loader" : "glue");

setUp();

test("a low score with two issues, from the script tag to the end, stays within the budget", async () => {
  const { sid: call, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  const softphone = `<!doctype html><title>Softphone</title><ringback-rating token="${token}"></ringback-rating>
    <script type="module" src="/embed/ringback.js"></script>`;
  await page.route("**/softphone", (route) => route.fulfill({ contentType: "text/html", body: softphone }));
  const fetched = [];
  page.on("response", (response) => fetched.push(response));
  await page.goto(`${server.endpoint}/softphone`);
  const form = widget(page);
  await form.star(2).check();
  await form.issue("The call cut out").check();
  await form.issue("Slow to connect").check();
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(call), { score: 2, issues: ["dropped-call", "post-dial-delay"] });

  const bytes = { all: 0 };
  for (const response of fetched) {
    const path = new URL(response.url()).pathname;
    if (!path.startsWith("/embed/")) continue;
    const size = compressed(await response.body());
    bytes[partOf(path)] = (bytes[partOf(path)] ?? 0) + size;
    bytes.all += size;
  }
  console.log(bytes);
  for (const [part, most] of Object.entries(BUDGET)) {
    assert.ok(bytes[part] > 0 && bytes[part] <= most, `${part}: ${bytes[part]} bytes exceed the budget of ${most}`);
  }
});

test("hand-written JavaScript stays within its budget", async () => {
  // Leaves out the code generated from the manifest, the component, the stylesheet and the texts.
  const generated = "target/generated-stub.js";
  await writeFile(
    generated,
    "export let english, form, glue, languages, locate, problemOf, Reflected, server, style, translation, wasm;",
  );
  const loader = execFileSync("esbuild", [
    "--bundle",
    "--minify",
    "--format=esm",
    `--alias:ringback:generated=./${generated}`,
    "src/loader/ringback.js",
  ]);
  assert.ok(loader.length <= HAND_WRITTEN, `${loader.length} bytes`);
});
