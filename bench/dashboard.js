// `make bench`: the dashboard with a year of 10,000,000 ratings behind it. What is measured is what docs/benchmarks.md says.
import assert from 'node:assert/strict';

import { launch } from '../tests/node/lib/browser.js';
import { signIn } from '../tests/node/lib/pages.js';
import { Limits, bytes, median, milliseconds, publish, table, times } from './lib/figures.js';
import { CATEGORIES, DEVICES, judge } from './lib/judge.js';
import { hurry } from './lib/person.js';
import { brotli } from './lib/site.js';
import { startWithYear } from './lib/year.js';

const LIMITS = { ratio: 1.5, bytes: 250_000, score: 95 };
const ROUNDS = Number(process.env.RINGBACK_ROUNDS ?? 15);
/** What is there when all that was asked for is drawn. */
const DRAWN = '[aria-busy=false] .chart svg';
const DRAWN_EMPTY = '[aria-busy=false] .tile';

const { server, full, empty } = await startWithYear();
const browser = await launch();
const day = ago => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

/** Calls `work` with a page of a browser that has nothing but the account's session. */
async function signedIn(account, work) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    await signIn(page, account);
    return await work(page);
  } finally {
    await context.close();
  }
}

/** Milliseconds from the navigation until it is drawn. */
const painted = (account, path, drawn) =>
  signedIn(account, async page => {
    await page.addInitScript(hurry, { first: drawn, steps: [] });
    await page.goto(account.endpoint + path, { waitUntil: 'commit' });
    return (await page.waitForFunction(() => globalThis.noted.usable)).jsonValue();
  });

/** Brotli bytes of each file of the page; what the API answers is none. */
const files = account =>
  signedIn(account, async page => {
    const responses = [];
    page.on('response', response => responses.push(response));
    await page.goto(account.endpoint);
    await page.locator(DRAWN).first().waitFor();
    const sizes = new Map();
    for (const response of responses) {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith('/v1/')) sizes.set(pathname, brotli(await response.body()).length);
    }
    return sizes;
  });

/** The cookie of a session, as a header has it. */
const cookie = account =>
  signedIn(account, async page => (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; '));

const year = `/?from=${day(364)}&to=${day(0)}`;
const views = [
  { name: 'the days shown at first', path: '/', times: [], emptyTimes: [] },
  { name: 'the whole year', path: year, times: [], emptyTimes: [] },
];
const limits = new Limits();

try {
  for (let round = 1; round <= ROUNDS; round++) {
    console.log(`painted charts, ${round} of ${ROUNDS}`);
    for (const view of views) {
      view.times.push(await painted(full, view.path, DRAWN));
      view.emptyTimes.push(await painted(empty, view.path, DRAWN_EMPTY));
    }
  }
  const rows = views.map(({ name, times: full, emptyTimes: empty }) => {
    const ratio = median(full) / median(empty);
    return [name, milliseconds(median(full)), milliseconds(median(empty)), times(ratio), limits.hold(name, ratio, LIMITS.ratio, times)];
  });
  await publish('make bench: time', table(['painted', 'with 10,000,000 ratings', 'with none', 'ratio', 'limit'], rows));

  const sizes = await files(full);
  assert.ok([...sizes.keys()].some(path => path.endsWith('.wasm')), 'no WebAssembly was fetched');
  const total = [...sizes.values()].reduce((a, b) => a + b);
  const parts = [...sizes].map(([path, size]) => [`\`${path.replace(/-[0-9a-f]{8,16}(?=[._])/, '')}\``, bytes(size)]);
  const limit = limits.hold('bytes of the dashboard', total, LIMITS.bytes, bytes);
  await publish('make bench: bytes', table(['file', 'bytes'], [...parts, [`all, ${limit}`, bytes(total)]]));

  const judged = [];
  for (const device of Object.keys(DEVICES)) {
    judged.push([`the dashboard, signed in, on a ${device}`, await judge(`${full.endpoint}/`, device, await cookie(full))]);
    judged.push([`the sign-in page on a ${device}`, await judge(`${full.endpoint}/`, device)]);
  }
  for (const [page, scores] of judged) {
    scores.forEach((score, i) => limits.hold(`${CATEGORIES[i]} of ${page}, points short of 100`, 100 - score, 100 - LIMITS.score));
  }
  const head = ['Lighthouse', ...CATEGORIES];
  await publish('make bench: lighthouse', table(head, judged.map(([page, scores]) => [page, ...scores.map(String)])));
  limits.judge();
} finally {
  await browser.close();
  await server.stop();
}
