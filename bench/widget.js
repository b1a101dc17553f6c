// `make bench-widget`: the widget beside the same form made otherwise. What is measured is what docs/benchmarks.md says.
import assert from 'node:assert/strict';

import { callSid } from '../tests/node/lib/api.js';
import { launch } from '../tests/node/lib/browser.js';
import { Server } from '../tests/node/lib/server.js';
import { waitFor } from '../tests/node/lib/wait.js';
import { bundle, contenders, hand, page as pageOf, ringback } from './contenders.js';
import { slowDown } from './lib/cold.js';
import { Limits, bytes, median, milliseconds, publish, table, times } from './lib/figures.js';
import { hurry, starPlaces, watchTaps } from './lib/person.js';
import { addSinks } from './lib/sinks.js';
import { Site, brotli } from './lib/site.js';

const LIMITS = { bytes: 40_000, stars: 1.15, send: 1.6, tap: 1.2 };
const ROUNDS = Number(process.env.RINGBACK_ROUNDS ?? 9);
const TAPS = 30;

const server = await Server.start();
const { account } = server;
const site = await Site.start(server.endpoint);
addSinks(site);
await bundle(site);
const browser = await launch();
let calls = 0;

/** Opens a page with the contender for a new call, in a browser that knows nothing; `work` gets it before it has gone anywhere. */
async function visit(contender, work) {
  site.answered.length = 0;
  const call = callSid(++calls);
  await account.report([{ sid: call, started_at: new Date(Date.now() - 60_000).toISOString() }]);
  const address = `/page/${calls}`;
  site.add(address, 'text/html; charset=utf-8', pageOf(contender, site, account, call, await account.ratingToken({ call })));
  const context = await browser.newContext({ viewport: { width: 800, height: 900 } });
  try {
    const page = await context.newPage();
    return await work(page, `${site.origin}${address}`, call);
  } finally {
    await context.close();
  }
}

/** What was chosen has arrived, all of it, and nothing else. */
async function assertArrived(contender, call) {
  if (!contender.rated) return;
  const { score, issues } = await waitFor(`the rating by ${contender.name}`, () => account.rating(call));
  assert.deepEqual({ score, issues: issues.toSorted() }, contender.rated, contender.name);
}

/** Brotli bytes of all that is fetched for the page until a rating is given and nothing more comes. */
const fetched = contender =>
  visit(contender, async (page, address, call) => {
    await page.addInitScript(hurry, contender);
    await page.goto(address);
    await page.waitForFunction(() => globalThis.noted.done);
    await assertArrived(contender, call);
    let known;
    await waitFor('the page to fetch nothing more', async () => {
      const before = known;
      known = site.answered.length;
      await page.waitForTimeout(500);
      return site.open === 0 && before === site.answered.length;
    });
    const parts = site.answered
      .filter(({ path }) => !path.startsWith('/page/'))
      .map(({ method, path, body }) => ({ method, path, size: body.length && brotli(body).length }));
    assert.ok(parts.some(({ method, path }) => method === 'POST' && contender.post.path.test(path)), contender.name);
    return parts;
  });

/** Milliseconds from the navigation to stars that can be used, and to when the rating leaves the page. */
const cold = contender =>
  visit(contender, async (page, address, call) => {
    const session = await slowDown(page);
    const begun = new Promise(resolve => session.once('Network.requestWillBeSent', ({ timestamp }) => resolve(timestamp)));
    const sent = new Promise(resolve =>
      session.on('Network.requestWillBeSent', ({ timestamp, request }) => {
        const isRating = request.method === 'POST' && contender.post.path.test(new URL(request.url).pathname);
        if (isRating && request.postData?.includes(contender.post.body)) resolve(timestamp);
      }),
    );
    await page.addInitScript(hurry, contender);
    await page.goto(address, { waitUntil: 'commit' });
    const send = ((await sent) - (await begun)) * 1000;
    const { usable } = await page.evaluate(() => globalThis.noted);
    await assertArrived(contender, call);
    return { stars: usable, send };
  });

/** Milliseconds from a tap on a star to the next paint, of each tap. */
const taps = contender =>
  visit(contender, async (page, address) => {
    await page.addInitScript(watchTaps);
    await page.goto(address);
    const places = await waitFor('five stars', async () => {
      const found = await page.evaluate(starPlaces, contender.stars);
      return found.length === 5 && found;
    });
    await page.waitForLoadState('networkidle');
    await slowDown(page, { network: false });
    for (let tap = 0; tap < TAPS; tap++) {
      await page.mouse.click(places[(tap * 3) % 5].x, places[(tap * 3) % 5].y);
      await page.waitForFunction(count => globalThis.taps.length >= count, tap + 1);
    }
    return page.evaluate(() => globalThis.taps);
  });

/** Each contender in turn, again and again, so that what the machine does meanwhile meets all alike. */
async function inTurn(what, those, measure) {
  const results = new Map(those.map(contender => [contender, []]));
  for (let round = 1; round <= ROUNDS; round++) {
    process.stdout.write(`${what}, ${round} of ${ROUNDS}\n`);
    for (const contender of those) results.get(contender).push(await measure(contender));
  }
  return results;
}

try {
  const sizes = new Map();
  for (const contender of contenders) {
    const parts = await fetched(contender);
    console.log(contender.name);
    for (const { method, path, size } of parts) console.log(`  ${method} ${path}: ${size}`);
    sizes.set(contender, parts.reduce((sum, { size }) => sum + size, 0));
  }
  const timings = await inTurn('cold', contenders, cold);
  const tapped = await inTurn('taps', contenders.filter(({ stars }) => stars), taps);

  const stars = contender => median(timings.get(contender).map(({ stars }) => stars));
  const send = contender => median(timings.get(contender).map(({ send }) => send));
  const tap = contender => tapped.has(contender) && median(tapped.get(contender).flat());
  const ratio = (figure, contender) => figure(contender) / figure(hand);

  const rows = contenders.map(contender => [
    contender.name,
    bytes(sizes.get(contender)),
    times(ratio(c => sizes.get(c), contender)),
    milliseconds(stars(contender)),
    times(ratio(stars, contender)),
    milliseconds(send(contender)),
    times(ratio(send, contender)),
    ...(tap(contender) ? [milliseconds(tap(contender)), times(ratio(tap, contender))] : ['–', '–']),
  ]);
  const limits = new Limits();
  rows.push([
    'limit for Ringback',
    limits.hold('bytes', sizes.get(ringback), LIMITS.bytes, bytes), '–',
    '–', limits.hold('stars usable', ratio(stars, ringback), LIMITS.stars, times),
    '–', limits.hold('Send works', ratio(send, ringback), LIMITS.send, times),
    '–', limits.hold('tap to paint', ratio(tap, ringback), LIMITS.tap, times),
  ]);
  const head = ['', 'bytes', '×', 'stars usable', '×', 'Send works', '×', 'tap to paint', '×'];
  await publish('make bench-widget', table(head, rows));
  limits.judge();
} finally {
  await browser.close();
  site.stop();
  await server.stop();
}
