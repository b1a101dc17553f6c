// `make bench-widget`: compares the widget with other forms, as described in docs/benchmarks.md.
import assert from "node:assert/strict";

import { callSid } from "../tests/node/lib/api.js";
import { launch } from "../tests/node/lib/browser.js";
import { Server } from "../tests/node/lib/server.js";
import { waitFor } from "../tests/node/lib/wait.js";
import { bundle, contenders, handWritten, page as pageOf, ringback } from "./contenders.js";
import { bytes, Limits, median, milliseconds, publish, table, times } from "./lib/figures.js";
import { recordTaps, runSteps, starPositions } from "./lib/in-page.js";
import { addSinks } from "./lib/sinks.js";
import { brotli, Site } from "./lib/site.js";
import { throttle } from "./lib/throttle.js";

const LIMITS = { bytes: 42_000, stars: 1.1, send: 1.6, tap: 1.2 };
const ROUNDS = Number(process.env.RINGBACK_ROUNDS ?? 9);
const TAPS = 30;

const server = await Server.start();
const { account } = server;
const site = await Site.start(server.endpoint);
addSinks(site);
await bundle(site);
const browser = await launch();
let calls = 0;

/** Adds a page with the contender for a new call. Calls `work` with an empty tab of a browser with an empty cache. */
async function visit(contender, work) {
  site.responses.length = 0;
  const call = callSid(++calls);
  await account.report([{ sid: call, started_at: new Date(Date.now() - 60_000).toISOString() }]);
  const address = `/page/${calls}`;
  site.add(
    address,
    "text/html; charset=utf-8",
    pageOf(contender, site, account, call, await account.ratingToken({ call })),
  );
  const context = await browser.newContext({ viewport: { width: 800, height: 900 } });
  try {
    const page = await context.newPage();
    return await work(page, `${site.origin}${address}`, call);
  } finally {
    await context.close();
  }
}

/** Asserts that the server has exactly the score and issues that were chosen. */
async function assertArrived(contender, call) {
  if (!contender.rated) return;
  const { score, issues } = await waitFor(`the rating by ${contender.name}`, () => account.rating(call));
  assert.deepEqual({ score, issues: issues.toSorted() }, contender.rated, contender.name);
}

/** Returns the brotli size of everything that the page fetches until the rating is sent and the network is idle. */
const fetched = (contender) =>
  visit(contender, async (page, address, call) => {
    await page.addInitScript(runSteps, contender);
    await page.goto(address);
    await page.waitForFunction(() => globalThis.timing.done);
    await assertArrived(contender, call);
    let count;
    await waitFor("an idle network", async () => {
      const before = count;
      count = site.responses.length;
      await page.waitForTimeout(500);
      return site.open === 0 && before === site.responses.length;
    });
    const parts = site.responses
      .filter(({ path }) => !path.startsWith("/page/"))
      .map(({ method, path, body }) => ({ method, path, size: body.length && brotli(body).length }));
    assert.ok(
      parts.some(({ method, path }) => method === "POST" && contender.post.path.test(path)),
      contender.name,
    );
    return parts;
  });

/** Returns the milliseconds from the navigation until the stars are usable, and until the rating leaves the page. */
const cold = (contender) =>
  visit(contender, async (page, address, call) => {
    const session = await throttle(page);
    const started = new Promise((resolve) =>
      session.once("Network.requestWillBeSent", ({ timestamp }) => resolve(timestamp)),
    );
    const sent = new Promise((resolve) =>
      session.on("Network.requestWillBeSent", ({ timestamp, request }) => {
        const isRating = request.method === "POST" && contender.post.path.test(new URL(request.url).pathname);
        if (isRating && request.postData?.includes(contender.post.body)) resolve(timestamp);
      }),
    );
    await page.addInitScript(runSteps, contender);
    await page.goto(address, { waitUntil: "commit" });
    const send = ((await sent) - (await started)) * 1000;
    const { usable } = await page.evaluate(() => globalThis.timing);
    await assertArrived(contender, call);
    return { stars: usable, send };
  });

/** Returns the milliseconds from each tap on a star to the next paint. */
const taps = (contender) =>
  visit(contender, async (page, address) => {
    await page.addInitScript(recordTaps);
    await page.goto(address);
    const positions = await waitFor("five stars", async () => {
      const found = await page.evaluate(starPositions, contender.stars);
      return found.length === 5 && found;
    });
    await page.waitForLoadState("networkidle");
    await throttle(page, { network: false });
    for (let tap = 0; tap < TAPS; tap++) {
      await page.mouse.click(positions[(tap * 3) % 5].x, positions[(tap * 3) % 5].y);
      await page.waitForFunction((count) => globalThis.taps.length >= count, tap + 1);
    }
    return page.evaluate(() => globalThis.taps);
  });

/** Measures the contenders in turn, ROUNDS times, so that other load on the machine affects all of them equally. */
async function inTurn(name, measured, measure) {
  const results = new Map(measured.map((contender) => [contender, []]));
  for (let round = 1; round <= ROUNDS; round++) {
    console.log(`${name}, round ${round} of ${ROUNDS}`);
    for (const contender of measured) results.get(contender).push(await measure(contender));
  }
  return results;
}

try {
  const sizes = new Map();
  for (const contender of contenders) {
    const parts = await fetched(contender);
    console.log(contender.name);
    for (const { method, path, size } of parts) console.log(`  ${method} ${path}: ${size}`);
    sizes.set(
      contender,
      parts.reduce((sum, { size }) => sum + size, 0),
    );
  }
  const timings = await inTurn("cold start", contenders, cold);
  const tapped = await inTurn(
    "taps",
    contenders.filter(({ stars }) => stars),
    taps,
  );

  const stars = (contender) => median(timings.get(contender).map(({ stars }) => stars));
  const send = (contender) => median(timings.get(contender).map(({ send }) => send));
  const tap = (contender) => tapped.has(contender) && median(tapped.get(contender).flat());
  const ratio = (figure, contender) => figure(contender) / figure(handWritten);

  const rows = contenders.map((contender) => [
    contender.name,
    bytes(sizes.get(contender)),
    times(ratio((c) => sizes.get(c), contender)),
    milliseconds(stars(contender)),
    times(ratio(stars, contender)),
    milliseconds(send(contender)),
    times(ratio(send, contender)),
    ...(tap(contender) ? [milliseconds(tap(contender)), times(ratio(tap, contender))] : ["–", "–"]),
  ]);
  const limits = new Limits();
  rows.push([
    "limit for Ringback",
    limits.check("bytes", sizes.get(ringback), LIMITS.bytes, bytes),
    "–",
    "–",
    limits.check("stars usable", ratio(stars, ringback), LIMITS.stars, times),
    "–",
    limits.check("Send works", ratio(send, ringback), LIMITS.send, times),
    "–",
    limits.check("tap to paint", ratio(tap, ringback), LIMITS.tap, times),
  ]);
  const head = ["", "bytes", "×", "stars usable", "×", "Send works", "×", "tap to paint", "×"];
  await publish("make bench-widget", table(head, rows));
  limits.report();
} finally {
  await browser.close();
  site.stop();
  await server.stop();
}
