// The widget on somebody else's page: another origin, and a security policy that allows it and nothing more.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertQuiet, launch, mouseClick, newPage } from '../lib/browser.js';
import { endedCall, hostPage } from '../lib/elsewhere.js';
import { widget } from '../lib/pages.js';
import { Server } from '../lib/server.js';

let server, browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What an origin of its own has to allow, and nothing more. */
const policy = endpoint =>
  `default-src 'none'; script-src ${endpoint} 'wasm-unsafe-eval'; connect-src ${endpoint}; base-uri 'none'; form-action 'none'`;

/** The address of a page from an origin of its own, with the widget for a call that has just ended. */
async function strictPage(t) {
  const { endpoint } = server;
  const { sid, token } = await endedCall(server);
  return { sid, token, address: await hostPage(t, { endpoint, token, csp: policy(endpoint) }) };
}

test('a call is rated from a page of another origin under a strict policy', async t => {
  const { sid, address } = await strictPage(t);
  const page = await newPage(await browser.newContext());
  await page.goto(address);

  const form = widget(page);
  await form.drawnStar(5).waitFor();
  await mouseClick(page, form.drawnStar(5));
  await form.send.click();
  await form.thanks.waitFor();

  assert.deepEqual(await server.account.rating(sid), { score: 5, issues: [] });
  assertQuiet(page);
});

test('a form that cannot be fetched is told of, each time', async t => {
  const page = await newPage(await browser.newContext());
  await page.route('**/*.wasm', route => route.abort());
  const { token, address } = await strictPage(t);
  await page.goto(address);
  for (let time = 0; time < 2; time += 1) {
    const code = await page.evaluate(
      token =>
        new Promise(resolve => {
          const element = document.createElement('ringback-rating');
          element.addEventListener('ringback-error', event => resolve(event.detail.code));
          element.setAttribute('token', token);
          document.body.append(element);
        }),
      token,
    );
    assert.equal(code, 'load');
  }
});
