// `make bench`: measures the dashboard with a year of 10,000,000 ratings, as described in docs/benchmarks.md.
import assert from "node:assert/strict";

import { launch } from "../tests/node/lib/browser.js";
import { signIn } from "../tests/node/lib/pages.js";
import { bytes, Limits, median, milliseconds, publish, table, times } from "./lib/figures.js";
import { runSteps } from "./lib/in-page.js";
import { audit, CATEGORIES, DEVICES } from "./lib/lighthouse.js";
import { brotli } from "./lib/site.js";
import { startWithYear } from "./lib/year.js";

const LIMITS = { ratio: 1.5, bytes: 260_000, score: 95 };
const ROUNDS = Number(process.env.RINGBACK_ROUNDS ?? 15);
/** Matches when every chart has been drawn. */
const DRAWN = "[aria-busy=false] .chart svg";
const DRAWN_EMPTY = "[aria-busy=false] .tile";

const { server, full, empty } = await startWithYear();
const browser = await launch();
const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

/** Calls `work` with a page that is signed in to the account; the browser's cache is empty. */
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

/** Returns the milliseconds from the navigation until `drawn` is visible. */
const painted = (account, path, drawn) =>
  signedIn(account, async (page) => {
    await page.addInitScript(runSteps, { first: drawn, steps: [] });
    await page.goto(account.endpoint + path, { waitUntil: "commit" });
    return (await page.waitForFunction(() => globalThis.timing.usable)).jsonValue();
  });

/** Returns the brotli size of each file that the page fetches, without API responses. */
const files = (account) =>
  signedIn(account, async (page) => {
    const responses = [];
    page.on("response", (response) => responses.push(response));
    await page.goto(account.endpoint);
    await page.locator(DRAWN).first().waitFor();
    const sizes = new Map();
    for (const response of responses) {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith("/v1/")) sizes.set(pathname, brotli(await response.body()).length);
    }
    return sizes;
  });

/** Returns the value of a `Cookie` header with a session. */
const cookie = (account) =>
  signedIn(account, async (page) =>
    (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; "),
  );

const year = `/?from=${day(364)}&to=${day(0)}`;
const views = [
  { name: "default range", path: "/", times: [], emptyTimes: [] },
  { name: "whole year", path: year, times: [], emptyTimes: [] },
];
const limits = new Limits();

try {
  for (let round = 1; round <= ROUNDS; round++) {
    console.log(`time to painted charts, round ${round} of ${ROUNDS}`);
    for (const view of views) {
      view.times.push(await painted(full, view.path, DRAWN));
      view.emptyTimes.push(await painted(empty, view.path, DRAWN_EMPTY));
    }
  }
  const rows = views.map(({ name, times: full, emptyTimes: empty }) => {
    const ratio = median(full) / median(empty);
    return [
      name,
      milliseconds(median(full)),
      milliseconds(median(empty)),
      times(ratio),
      limits.check(name, ratio, LIMITS.ratio, times),
    ];
  });
  await publish(
    "make bench: time",
    table(["charts", "with 10,000,000 ratings", "without ratings", "ratio", "limit"], rows),
  );

  const sizes = await files(full);
  assert.ok(
    [...sizes.keys()].some((path) => path.endsWith(".wasm")),
    "the page fetched no WebAssembly",
  );
  const total = [...sizes.values()].reduce((a, b) => a + b);
  const parts = [...sizes].map(([path, size]) => [`\`${path.replace(/-[0-9a-f]{8,16}(?=[._])/, "")}\``, bytes(size)]);
  const limit = limits.check("bytes of the dashboard", total, LIMITS.bytes, bytes);
  await publish("make bench: bytes", table(["file", "bytes"], [...parts, [`total, ${limit}`, bytes(total)]]));

  const audits = [];
  for (const device of Object.keys(DEVICES)) {
    audits.push([`dashboard, ${device}`, await audit(`${full.endpoint}/`, device, await cookie(full))]);
    audits.push([`sign-in page, ${device}`, await audit(`${full.endpoint}/`, device)]);
  }
  for (const [page, scores] of audits) {
    for (const [i, score] of scores.entries()) {
      limits.check(`${CATEGORIES[i]} of ${page}, points below 100`, 100 - score, 100 - LIMITS.score);
    }
  }
  const head = ["page", ...CATEGORIES];
  await publish(
    "make bench: lighthouse",
    table(
      head,
      audits.map(([page, scores]) => [page, ...scores.map(String)]),
    ),
  );
  limits.report();
} finally {
  await browser.close();
  await server.stop();
}
