// The overview while ratings arrive; its downloads and its printout.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, test } from "node:test";

import { callSid } from "../lib/api.js";
import { assertAccessible, assertQuiet, assertQuietExcept, download, launch, newPage } from "../lib/browser.js";
import { history, load, recount, THIS_WEEK } from "../lib/history.js";
import { signIn } from "../lib/pages.js";
import { newFolder, Server } from "../lib/server.js";
import { waitFor } from "../lib/wait.js";

const WEEK = `from=${THIS_WEEK.from}&to=${THIS_WEEK.to}`;
const calls = history();
const thisWeek = recount(calls, THIS_WEEK);

let folder, server, account, browser;

before(async () => {
  folder = await newFolder();
  server = await Server.start({ folder });
  // Only the first start prints the credentials.
  account = server.account;
  await load(account, calls);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(query, options = {}) {
  const page = await newPage(await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options }));
  await signIn(page, account);
  await page.goto(`${server.endpoint}/?${query}`);
  await page.locator(".call-list").waitFor();
  return page;
}

const figure = (page, label) =>
  page
    .locator(".tile", { has: page.getByText(label, { exact: true }) })
    .locator(".figure")
    .innerText();

test("a rating appears within two seconds without moving the page, and after a restart of the server more appear", async () => {
  const page = await open(WEEK);
  await page.getByText("Live", { exact: true }).waitFor();
  const bar = page.getByRole("button", { name: /^2 stars$/ });
  await bar.focus();
  const place = () =>
    bar.evaluate((element) => [scrollY, element.getBoundingClientRect().top, element.matches(":focus")]);
  const [before, calls] = [await place(), Number(await figure(page, "Calls"))];

  await account.report([{ sid: callSid(1), started_at: `${THIS_WEEK.to}T12:00:00Z` }]);
  const rated = performance.now();
  assert.equal((await account.rate(callSid(1), { score: 2, comment: "Just now" })).status, 201);
  await waitFor("the rating to appear", async () => Number(await figure(page, "Calls")) === calls + 1, { seconds: 10 });
  assert.ok(performance.now() - rated < 2000, `it took ${performance.now() - rated} ms`);
  assert.deepEqual(await place(), before);
  await page.getByText("Just now", { exact: true }).waitFor();

  const { host } = new URL(server.endpoint);
  await server.stop();
  await page.getByText(/^Not live/).waitFor();
  await assertAccessible(page);
  server = await Server.start({ folder, listen: host });
  await page.getByText("Live", { exact: true }).waitFor();
  await account.report([{ sid: callSid(2), started_at: `${THIS_WEEK.to}T13:00:00Z` }]);
  await account.rate(callSid(2), { score: 1 });
  await waitFor("the next rating", async () => Number(await figure(page, "Calls")) === calls + 2);
  // The browser itself logs that the server was unreachable.
  assertQuietExcept(page, /net::ERR_/);
  await page.context().close();
});

/** Collects the requests for the stream of events from now on. */
function streamRequests(page) {
  const requests = [];
  page.on("request", (request) => request.url().includes("/events") && requests.push(request));
  return requests;
}

test("a page that was frozen catches up, even after a restart of the server", async () => {
  const page = await open(WEEK);
  await page.getByText("Live", { exact: true }).waitFor();
  const calls = Number(await figure(page, "Calls"));
  await page.evaluate(() => (globalThis.sameDocument = true));
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  const { host } = new URL(server.endpoint);
  await server.stop();
  server = await Server.start({ folder, listen: host });
  await account.report([{ sid: callSid(11), started_at: `${THIS_WEEK.to}T14:00:00Z` }]);
  await account.rate(callSid(11), { score: 4 });
  await session.send("Page.setWebLifecycleState", { state: "active" });
  await waitFor("the call and its rating", async () => Number(await figure(page, "Calls")) === calls + 1);
  await page.getByText("Live", { exact: true }).waitFor();
  assert.ok(await page.evaluate(() => globalThis.sameDocument), "the page was not reloaded");
  await page.context().close();
});

test("after a sleep the page reconnects, because the old connection may be dead", async () => {
  const page = await newPage(await browser.newContext());
  // Only the clock jumps: timers run as before, and the stream does not end.
  await page.addInitScript(() => {
    const now = Date.now;
    globalThis.slept = 0;
    Date.now = () => now() + globalThis.slept;
  });
  await signIn(page, account);
  await page.goto(`${server.endpoint}/?${WEEK}`);
  await page.getByText("Live", { exact: true }).waitFor();
  const requests = streamRequests(page);
  await page.evaluate(() => (globalThis.slept = 60_000));
  await waitFor("a new connection", () => requests.length === 1);
  await page.getByText("Live", { exact: true }).waitFor();
  assertQuiet(page);
  await page.context().close();
});

test("the page says that it is offline, and once online it is live and up to date", async () => {
  const page = await open(WEEK);
  await page.getByText("Live", { exact: true }).waitFor();
  const calls = Number(await figure(page, "Calls"));
  await page.context().setOffline(true);
  await page.getByText(/^Not live/).waitFor();
  await assertAccessible(page);
  await account.report([{ sid: callSid(12), started_at: `${THIS_WEEK.to}T15:00:00Z` }]);
  await page.context().setOffline(false);
  await page.getByText("Live", { exact: true }).waitFor();
  // No event announces the call: the page reloads its figures by itself.
  await waitFor("the call", async () => Number(await figure(page, "Calls")) === calls + 1);
  await page.context().close();
});

test("calls and figures are downloaded as filtered", async () => {
  const page = await open(`${WEEK}&direction=outbound&score=1`);
  const rows = async (name) => {
    const { text } = await download(page, page.getByRole("link", { name }));
    assert.ok(text.startsWith("\uFEFF"), "spreadsheets need a byte order mark");
    return text.trimEnd().split("\r\n").slice(1);
  };
  const shown = await page.locator(".call-list tbody tr").count();
  assert.equal((await rows("These calls as CSV")).length, shown);
  const figures = await rows("Figures as CSV");
  assert.equal(figures.length, 7);
  const outbound = thisWeek.within.filter(({ direction }) => direction === "outbound").length;
  assert.equal(
    figures.reduce((sum, row) => sum + Number(row.split(",")[1]), 0),
    outbound,
  );
  assertQuiet(page);
  await page.context().close();
});

test("the overview prints on one sheet", async () => {
  const page = await open(WEEK);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1);
  await page.emulateMedia({ media: "print" });
  for (const name of ["At a glance", "How calls were rated", "What went wrong", "Average score by weekday and hour"]) {
    assert.ok(await page.getByRole("heading", { name }).isVisible(), name);
  }
  assert.equal(await page.locator(".call-list").isVisible(), false);
  await page.context().close();
});
