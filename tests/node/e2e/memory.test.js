// A softphone's page lives for days and asks after each call: what a widget needed must be gone with it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { callSid } from '../lib/api.js';
import { launch } from '../lib/browser.js';
import { Server } from '../lib/server.js';
import { waitFor } from '../lib/wait.js';

const WIDGETS = 10;
const TIMES = 100;
/** So often before it is waited for that what was kept for them in IndexedDB is done with. */
const BATCH = 10;
/** What belongs to the page rather than to a form on it. */
const FEW_LISTENERS = 20;
/** A browser's heap comes and goes by itself, and how many forms were closing at once is chance; in bytes, 300 a form. */
const SLACK = { nodes: 0, listeners: FEW_LISTENERS, heap: 300_000, wasm: 4 * 65_536 };

let server, browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What the page holds when all that can be freed is freed. */
async function held(page, session) {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = name => metrics.find(metric => metric.name === name).value;
  return {
    heap: of('JSHeapUsedSize'),
    nodes: of('Nodes'),
    listeners: of('JSEventListeners'),
    wasm: await page.evaluate(() => globalThis.memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0)),
  };
}

/** Opens as many widgets for calls, has a star chosen in each, and takes them away again: so many times. */
const openAndClose = async ({ tokens, times }) => {
  const opened = element => new Promise(resolve => element.addEventListener('ringback-asked', resolve, { once: true }));
  for (let time = 0; time < times; time++) {
    const elements = tokens.map(token => {
      const element = document.createElement('ringback-rating');
      element.setAttribute('token', token);
      element.setAttribute('partial', 'off');
      return element;
    });
    const all = elements.map(opened);
    document.body.append(...elements);
    await Promise.all(all);
    for (const element of elements) element.shadowRoot.querySelector('[type=radio]').click();
    for (const element of elements) element.remove();
  }
};

test(`${WIDGETS} widgets, opened and closed ${TIMES} times, leave no memory behind`, async () => {
  const { account } = server;
  const tokens = [];
  for (let number = 0; number < WIDGETS; number++) {
    const call = callSid(0x3e300 + number);
    await account.report([{ sid: call, started_at: '2026-03-02T09:30:00Z' }]);
    tokens.push(await account.ratingToken({ call }));
  }
  const page = await browser.newPage();
  await page.addInitScript(() => {
    globalThis.memories = [];
    for (const name of ['instantiate', 'instantiateStreaming']) {
      const instantiate = WebAssembly[name];
      WebAssembly[name] = async (...args) => {
        const made = await instantiate.apply(WebAssembly, args);
        const exported = Object.values((made.instance ?? made).exports);
        globalThis.memories.push(exported.find(one => one instanceof WebAssembly.Memory));
        return made;
      };
    }
  });
  await page.route('**/softphone', route =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Softphone</title><script type="module" src="/embed/ringback.js"></script>' }),
  );
  await page.goto(`${server.endpoint}/softphone`);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');

  const openAndCloseAll = async () => {
    for (let done = 0; done < TIMES; done += BATCH) {
      await page.evaluate(openAndClose, { tokens, times: BATCH });
      await waitFor('what is kept to be kept', async () => (await held(page, session)).listeners <= FEW_LISTENERS);
    }
    return held(page, session);
  };

  // What is made once, and room for as many as close at a time, is there after the first hundred.
  const before = await openAndCloseAll();
  assert.ok(before.wasm > 0, 'the memory of the WebAssembly was not seen');
  let after = await openAndCloseAll();
  const grown = () => Object.keys(SLACK).filter(what => after[what] > before[what] + SLACK[what]);
  // A request that is not answered yet holds what it needs for as long as it may take.
  await waitFor('the last requests to end', async () => (after = await held(page, session)) && grown().length === 0).catch(() => {});
  assert.deepEqual(grown(), [], `${JSON.stringify(before)} became ${JSON.stringify(after)}`);
});
