// The widget on somebody else's page: another origin, and a security policy that allows it and nothing more.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { callSid } from '../lib/api.js';
import { assertQuiet, launch, mouseClick, newPage } from '../lib/browser.js';
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

/** A softphone's page with the widget on it, served from an origin of its own. */
async function hostPage(t, token) {
  const { endpoint } = server;
  const host = createServer((request, response) => {
    const page = request.url === '/';
    response.writeHead(page ? 200 : 204, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy':
        `default-src 'none'; script-src ${endpoint} 'wasm-unsafe-eval'; connect-src ${endpoint}; ` +
        `base-uri 'none'; form-action 'none'`,
    });
    response.end(
      page &&
        `<!doctype html><title>Softphone</title><script type="module" src="${endpoint}/embed/ringback.js"></script>` +
          `<ringback-rating endpoint="${endpoint}" token="${token}"></ringback-rating>`,
    );
  });
  t.after(() => host.close());
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  return `http://127.0.0.1:${host.address().port}/`;
}

test('a call is rated from a page of another origin under a strict policy', async t => {
  const sid = callSid(0xe3bed);
  await server.account.report([{ sid, started_at: '2026-03-02T09:30:00Z' }]);
  const address = await hostPage(t, await server.account.ratingToken({ call: sid }));
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
  const token = await server.account.ratingToken({ call: callSid(0xe3bee) });
  await page.goto(await hostPage(t, token));
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
