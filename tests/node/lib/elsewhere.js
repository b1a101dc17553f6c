import { once } from 'node:events';
import { createServer } from 'node:http';

import { callSid } from './api.js';
import { newPage } from './browser.js';
import { widget } from './pages.js';

let calls = 0xf0e1;

/**
 * Serves a softphone's page with the widget on it, from an origin of its own, until the test ends; gives its address.
 * With `csp` it has that policy; `head` and `body` stand in the page, `attributes` in the element's tag.
 */
export async function hostPage(t, { endpoint, token, csp, lang = 'en', head = '', body = '', attributes = '' }) {
  const html = `<!doctype html><html lang="${lang}"><head><title>Softphone</title>
    <meta name="viewport" content="width=device-width">${head}
    <script type="module" src="${endpoint}/embed/ringback.js"></script></head>
    <body><main><h1>Phone</h1>${body}<button id="before">Call again</button>
    <ringback-rating endpoint="${endpoint}" token="${token}" ${attributes}></ringback-rating>
    <button id="behind">Contacts</button></main></body></html>`;
  const host = createServer((request, response) => {
    const isPage = request.url === '/';
    const type = { 'Content-Type': 'text/html; charset=utf-8' };
    response.writeHead(isPage ? 200 : 204, csp ? { ...type, 'Content-Security-Policy': csp } : type);
    response.end(isPage && html);
  });
  t.after(() => {
    host.close();
    host.closeAllConnections();
  });
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  return `http://127.0.0.1:${host.address().port}/`;
}

/** A call that has just ended, with a token to rate it. */
export async function endedCall({ account }) {
  const sid = callSid(calls++);
  await account.report([{ sid, started_at: '2026-03-02T09:30:00Z' }]);
  return { sid, leg: { account: account.sid, call: sid }, token: await account.ratingToken({ call: sid }) };
}

/**
 * Opens such a page for a call in a browser of its own (`context`: its options) and waits for the form.
 * `{ page, form, sid, events }`; `events` gives what the element has told so far, as `[name, detail]`.
 */
export async function openElsewhere(t, browser, server, { context = {}, ...options } = {}) {
  const { sid, token } = await endedCall(server);
  const address = await hostPage(t, { endpoint: server.endpoint, token, ...options });
  const own = await browser.newContext(context);
  t.after(() => own.close());
  const page = await newPage(own);
  await page.addInitScript(() => {
    globalThis.told = [];
    for (const name of ['change', 'submitted', 'queued', 'dismissed', 'token-needed', 'error']) {
      document.addEventListener(`ringback-${name}`, ({ detail }) => globalThis.told.push([name, detail]));
    }
  });
  await page.goto(address);
  await ready(page);
  return { page, form: widget(page), sid, events: () => page.evaluate(() => globalThis.told) };
}

/** Until the form has its code, and is not only the one that was painted before it. */
export const ready = page =>
  page.waitForFunction(() => {
    const bases = document.querySelector('ringback-rating').shadowRoot?.querySelectorAll('.rb') ?? [];
    return bases.length === 1 && !bases[0].matches('.rb-painted');
  });
