// A softphone's page lives for days and shows a widget after each call, so every widget must free its memory.
import assert from "node:assert/strict";
import { test } from "node:test";

import { endedCall } from "../lib/host-page.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

const WIDGETS = 10;
const TIMES = 100;
/** Rounds before the test waits for their writes to IndexedDB. */
const BATCH = 10;
/** Listeners that belong to the page rather than to a form. */
const FEW_LISTENERS = 20;
/** The heap varies by itself, and the number of forms that close at once varies too. The heap's slack is 300 bytes per form. */
const SLACK = { nodes: 0, listeners: FEW_LISTENERS, heap: 300_000, wasm: 4 * 65_536 };

setUp();

/** Measures the page after a garbage collection. */
async function measure(page, session) {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  return {
    heap: of("JSHeapUsedSize"),
    nodes: of("Nodes"),
    listeners: of("JSEventListeners"),
    wasm: await page.evaluate(() => globalThis.memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0)),
  };
}

/** Opens a widget for each token, chooses a star in each and removes them, `times` times. Runs in the page. */
const openAndClose = async ({ tokens, times }) => {
  const opened = (element) =>
    new Promise((resolve) => element.addEventListener("ringback-asked", resolve, { once: true }));
  for (let time = 0; time < times; time++) {
    const elements = tokens.map((token) => {
      const element = document.createElement("ringback-rating");
      element.setAttribute("token", token);
      element.setAttribute("partial", "off");
      return element;
    });
    const all = elements.map(opened);
    document.body.append(...elements);
    await Promise.all(all);
    for (const element of elements) element.shadowRoot.querySelector("[type=radio]").click();
    for (const element of elements) element.remove();
  }
};

test(`${WIDGETS} widgets, opened and closed ${TIMES} times, leave no memory behind`, async () => {
  const tokens = [];
  for (let number = 0; number < WIDGETS; number++) {
    tokens.push((await endedCall(server)).token);
  }
  const page = await browser.newPage();
  await page.addInitScript(() => {
    globalThis.memories = [];
    WebAssembly.Instance = class extends WebAssembly.Instance {
      constructor(...args) {
        super(...args);
        const exported = Object.values(this.exports);
        globalThis.memories.push(exported.find((one) => one instanceof WebAssembly.Memory));
      }
    };
  });
  await page.route("**/softphone", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: '<!doctype html><title>Softphone</title><script type="module" src="/embed/ringback.js"></script>',
    }),
  );
  await page.goto(`${server.endpoint}/softphone`);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");

  const openAndCloseAll = async () => {
    for (let done = 0; done < TIMES; done += BATCH) {
      await page.evaluate(openAndClose, { tokens, times: BATCH });
      await waitFor("the writes to IndexedDB", async () => (await measure(page, session)).listeners <= FEW_LISTENERS);
    }
    return measure(page, session);
  };

  // The first run allocates everything that is allocated once, and room for the forms that close at the same time.
  const before = await openAndCloseAll();
  assert.ok(before.wasm > 0, "the memory of the WebAssembly module was not measured");
  let after = await openAndCloseAll();
  const grown = () => Object.keys(SLACK).filter((name) => after[name] > before[name] + SLACK[name]);
  // A pending request keeps its memory until it ends.
  await waitFor("the last requests to end", async () => {
    after = await measure(page, session);
    return grown().length === 0;
  }).catch(() => {});
  assert.deepEqual(grown(), [], `${JSON.stringify(before)} became ${JSON.stringify(after)}`);
});
