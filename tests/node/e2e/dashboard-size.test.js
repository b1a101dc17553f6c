// What the dashboard's page fetches, in bytes. A budget that is not held is no reason to raise it: ARCHITECTURE.md, "Size",
// says what made it small.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';

import { launch, newPage } from '../lib/browser.js';
import { signIn } from '../lib/pages.js';
import { Server } from '../lib/server.js';

const BUDGET = 250_000;

const compressed = bytes => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

let server, browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('all that the page fetches stays within the budget', async () => {
  const page = await newPage(await browser.newContext());
  await signIn(page, server.account);
  const fetched = [];
  page.on('response', response => fetched.push(response));
  await page.goto(server.endpoint);
  await page.locator('[aria-busy=false] .tile').first().waitFor();
  const bytes = {};
  for (const response of fetched) {
    const { pathname } = new URL(response.url());
    // What the API answers is none of it.
    if (!pathname.startsWith('/v1/')) bytes[pathname] = compressed(await response.body());
  }
  console.log(bytes);
  for (const part of ['css', 'js', 'json', 'wasm']) {
    assert.equal(Object.keys(bytes).filter(path => path.endsWith(`.${part}`)).length, 1, `files .${part}`);
  }
  const all = Object.values(bytes).reduce((a, b) => a + b);
  assert.ok(all <= BUDGET, `${all} bytes, of which the budget is ${BUDGET}`);
});
