// Softphone pages with the widget on them, on the server's origin or on another one.
import { once } from "node:events";
import { createServer } from "node:http";

import { callSid } from "./api.js";
import { newPage } from "./browser.js";
import { widget } from "./pages.js";

const EVENTS = ["ready", "asked", "change", "submitted", "queued", "dismissed", "skipped", "token-needed", "error"];

let calls = 0xf0e1;

/** Reports a call that has ended, and mints a token to rate it. */
export async function endedCall({ account }) {
  const sid = callSid(calls++);
  await account.report([{ sid, started_at: "2026-03-02T09:30:00Z" }]);
  return { sid, leg: { account: account.sid, call: sid }, token: await account.ratingToken({ call: sid }) };
}

/** Records the widget's events on the pages that `page` opens from now on; see `events`. */
export const recordEvents = (page) =>
  page.addInitScript((names) => {
    globalThis.recorded = [];
    for (const name of names) {
      document.addEventListener(`ringback-${name}`, ({ detail }) =>
        globalThis.recorded.push([name, JSON.parse(JSON.stringify(detail))]),
      );
    }
  }, EVENTS);

/** The recorded events as `[name, detail]`, or the details of the events called `name`. */
export async function events(page, name) {
  const recorded = await page.evaluate(() => globalThis.recorded);
  return name ? recorded.filter(([of]) => of === name).map(([, detail]) => detail) : recorded;
}

/**
 * Opens a page on the server's own origin with `body`, and records its events. `head` is added to the page's head;
 * `policy` is its Content-Security-Policy.
 */
export async function openHostPage(page, server, body, { policy, head = "", lang = "en" } = {}) {
  const address = `${server.endpoint}/softphone`;
  await page.route(address, (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      headers: policy ? { "Content-Security-Policy": policy } : {},
      body: `<!doctype html><html lang="${lang}"><title>Softphone</title>${head}
        <script type="module" src="/embed/ringback.js"></script><body>${body}`,
    }),
  );
  await recordEvents(page);
  await page.goto(address);
}

/** Serves requests from an origin of its own until the test ends, and returns its address. */
export async function serve(t, listener) {
  const host = createServer(listener);
  t.after(() => {
    host.close();
    host.closeAllConnections();
  });
  host.listen(0, "127.0.0.1");
  await once(host, "listening");
  return `http://127.0.0.1:${host.address().port}/`;
}

/**
 * Serves a page with the widget from an origin of its own until the test ends, and returns its address. `head` and
 * `body` are added to the page, `attributes` to the element's tag; `policy` is the page's Content-Security-Policy.
 */
export async function serveHostPage(
  t,
  { endpoint, token, policy, lang = "en", head = "", body = "", attributes = "" },
) {
  const html = `<!doctype html><html lang="${lang}"><head><title>Softphone</title>
    <meta name="viewport" content="width=device-width">${head}
    <script type="module" src="${endpoint}/embed/ringback.js"></script></head>
    <body><main><h1>Phone</h1>${body}<button id="before">Call again</button>
    <ringback-rating endpoint="${endpoint}" token="${token}" ${attributes}></ringback-rating>
    <button id="behind">Contacts</button></main></body></html>`;
  return serve(t, (request, response) => {
    const isPage = request.url === "/";
    const type = { "Content-Type": "text/html; charset=utf-8" };
    response.writeHead(isPage ? 200 : 204, policy ? { ...type, "Content-Security-Policy": policy } : type);
    response.end(isPage && html);
  });
}

/**
 * Opens such a page for an ended call, in a browser context with the options `context`, and waits for the form.
 * Returns `{ page, form, sid, events }`; `events` returns the recorded events after the form was shown.
 */
export async function openForm(t, browser, server, { context = {}, ...options } = {}) {
  const { sid, token } = await endedCall(server);
  const address = await serveHostPage(t, { endpoint: server.endpoint, token, ...options });
  const own = await browser.newContext(context);
  t.after(() => own.close());
  const page = await newPage(own);
  await recordEvents(page);
  await page.goto(address);
  await formReady(page);
  const laterEvents = async () => (await events(page)).filter(([name]) => name !== "ready" && name !== "asked");
  return { page, form: widget(page), sid, events: laterEvents };
}

/** Waits until the code has replaced the painted form. */
export const formReady = (page) =>
  page.waitForFunction(() => {
    const bases = document.querySelector("ringback-rating").shadowRoot?.querySelectorAll(".rb") ?? [];
    return bases.length === 1 && !bases[0].matches(".rb-painted");
  });
