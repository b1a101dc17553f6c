// What a softphone's page fetches for a rating, in bytes. A budget that is not held is no reason to raise it: ARCHITECTURE.md,
// "Size", says how to see what has grown.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';

import { callSid } from '../lib/api.js';
import { launch, newPage } from '../lib/browser.js';
import { widget } from '../lib/pages.js';
import { Server } from '../lib/server.js';

// What a stable compiler makes of it is larger (scripts/widget.sh).
const BUDGET = process.env.RINGBACK_STABLE
  ? { loader: 6_200, glue: 3_000, wasm: 33_700, all: 43_000 }
  : { loader: 6_200, glue: 3_000, wasm: 30_300, all: 39_500 };
const HAND_WRITTEN = 5_000;

const compressed = bytes => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const partOf = path => (path.endsWith('.wasm') ? 'wasm' : path.endsWith('/ringback.js') ? 'loader' : 'glue');

let server, browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a low score with two issues, from the script tag to the end, stays within the budget', async () => {
  const call = callSid(0x512e0001);
  await server.account.report([{ sid: call, started_at: '2026-03-02T09:30:00Z' }]);
  const token = await server.account.ratingToken({ call });
  const page = await newPage(await browser.newContext());
  const softphone = `<!doctype html><title>Softphone</title><ringback-rating token="${token}"></ringback-rating>
    <script type="module" src="/embed/ringback.js"></script>`;
  await page.route('**/softphone', route => route.fulfill({ contentType: 'text/html', body: softphone }));
  const fetched = [];
  page.on('response', response => fetched.push(response));
  await page.goto(`${server.endpoint}/softphone`);
  const form = widget(page);
  await form.star(2).check();
  await form.issue('The call cut out').check();
  await form.issue('Slow to connect').check();
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(call), { score: 2, issues: ['dropped-call', 'post-dial-delay'] });

  const bytes = { all: 0 };
  for (const response of fetched) {
    const path = new URL(response.url()).pathname;
    if (!path.startsWith('/embed/')) continue;
    const size = compressed(await response.body());
    bytes[partOf(path)] = (bytes[partOf(path)] ?? 0) + size;
    bytes.all += size;
  }
  console.log(bytes);
  for (const [part, most] of Object.entries(BUDGET)) {
    assert.ok(bytes[part] > 0 && bytes[part] <= most, `${part}: ${bytes[part]} bytes, of which the budget is ${most}`);
  }
});

test('what is written by hand in JavaScript is little', async () => {
  // Without what is generated from the manifest, the component, the stylesheet and the words.
  const generated = 'target/generated-stub.js';
  await writeFile(generated, 'export let english, form, glue, languages, problemOf, Reflected, style, wasm;');
  const loader = execFileSync('esbuild', [
    '--bundle', '--minify', '--format=esm', `--alias:ringback:generated=./${generated}`, 'src/loader/ringback.js',
  ]);
  assert.ok(loader.length <= HAND_WRITTEN, `${loader.length} bytes`);
});
