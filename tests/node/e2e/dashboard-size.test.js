// The size of everything that the dashboard's page fetches. Before raising the limit, see docs/size.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { newPage } from "../lib/browser.js";
import { signIn } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";

const BUDGET = 260_000;

const compressed = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

setUp();

test("everything that the page fetches stays within the budget", async () => {
  const page = await newPage(await browser.newContext());
  await signIn(page, server.account);
  const fetched = [];
  page.on("response", (response) => fetched.push(response));
  await page.goto(server.endpoint);
  await page.locator("[aria-busy=false] .tile").first().waitFor();
  const bytes = {};
  for (const response of fetched) {
    const { pathname } = new URL(response.url());
    // Responses of the API do not count.
    if (!pathname.startsWith("/v1/")) bytes[pathname] = compressed(await response.body());
  }
  console.log(bytes);
  for (const part of ["css", "js", "json", "wasm"]) {
    assert.equal(Object.keys(bytes).filter((path) => path.endsWith(`.${part}`)).length, 1, `files .${part}`);
  }
  const all = Object.values(bytes).reduce((a, b) => a + b);
  assert.ok(all <= BUDGET, `${all} bytes exceed the budget of ${BUDGET}`);
});
