// A softphone's page with the widget on it, on the server's own origin; what it is told is noted.

export const EVENTS = [
  'ready', 'asked', 'change', 'submitted', 'queued', 'dismissed', 'skipped', 'token-needed', 'error',
];

/** Opens a page with this in its body; `head` says more, `policy` is its Content-Security-Policy. */
export async function openHost(page, server, body, { policy, head = '', lang = 'en' } = {}) {
  const address = `${server.endpoint}/softphone`;
  await page.route(address, route =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      headers: policy ? { 'Content-Security-Policy': policy } : {},
      body: `<!doctype html><html lang="${lang}"><title>Softphone</title>${head}
        <script type="module" src="/embed/ringback.js"></script><body>${body}`,
    }),
  );
  await page.addInitScript(events => {
    globalThis.told = [];
    for (const name of events) {
      document.addEventListener(`ringback-${name}`, ({ detail }) => told.push([name, JSON.parse(JSON.stringify(detail))]));
    }
  }, EVENTS);
  await page.goto(address);
}

/** What the page was told so far, as `[name, detail]`; of one event its details. */
export const told = (page, name) =>
  page.evaluate(name => (name ? globalThis.told.filter(([of]) => of === name).map(([, detail]) => detail) : globalThis.told), name);

/** Holds the requests that match, until `release` is called. */
export async function hold(page, pattern) {
  let release;
  const released = new Promise(resolve => (release = resolve));
  let asked = 0;
  await page.route(pattern, async route => {
    asked += 1;
    await released;
    await route.continue();
  });
  return { release, asked: () => asked };
}
