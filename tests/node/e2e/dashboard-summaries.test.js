// The page of feedback summaries on a real server with known calls; the tests recount every number on it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, beforeEach, test } from "node:test";
import { promisify } from "node:util";

import { Account } from "../lib/api.js";
import {
  assertAccessible,
  assertFitsWidth,
  assertQuiet,
  assertQuietExcept,
  download,
  hold,
  isFocused,
  newPage,
  tabTo,
} from "../lib/browser.js";
import { history, load, recount, THIS_WEEK } from "../lib/history.js";
import { fillSignIn, signIn } from "../lib/pages.js";
import { Receiver } from "../lib/receiver.js";
import { ringback, ringbackJson } from "../lib/server.js";
import { browser, server, setUp } from "../lib/setup.js";
import { strace } from "../lib/strace.js";
import { waitFor } from "../lib/wait.js";

const HOSTILE = `<img src=x onerror="globalThis.hacked=1">'"`;
const calls = history();
const thisWeek = recount(calls, THIS_WEEK);

let account, storageState, page;

setUp({ privateCallbacks: true }, async () => {
  account = server.account;
  await load(account, calls);
  const context = await browser.newContext();
  await signIn(await context.newPage(), account);
  storageState = await context.storageState();
  await context.close();
});
beforeEach(async () => {
  page = await newPage(await browser.newContext({ viewport: { width: 1280, height: 900 }, storageState }));
});
afterEach(() => page.context().close());

const open = (query = "") => page.goto(`${server.endpoint}/summaries${query}`);
const rows = () => page.locator(".summary-list tbody tr");
const cells = (row) => row.locator("th, td").allInnerTexts();
const dialog = () => page.getByRole("dialog");

/** The facts in the open summary, by term. */
async function facts() {
  const texts = await dialog()
    .locator(".facts > div")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.innerText)));
  return Object.fromEntries(texts);
}

/** Fills in the form and submits it; returns the row and the sid of the finished summary. */
async function create({ from, to, url = "", method = "POST" }) {
  const before = (await account.summaries()).map(({ sid }) => sid);
  await page.getByLabel("From").fill(from);
  await page.getByLabel("To", { exact: true }).fill(to);
  await page.getByLabel("Callback URL").fill(url);
  await page.getByLabel("Method").selectOption(method);
  await page.getByRole("button", { name: "Create summary" }).click();
  const made = await waitFor("the new summary", async () =>
    (await account.summaries()).find(({ sid }) => !before.includes(sid)),
  );
  await page.getByText("The summary was created.").waitFor();
  const row = rows().filter({ has: page.locator(`a[href$="${made.sid}"]`) });
  await row.getByText("Completed", { exact: true }).waitFor();
  return { row, sid: made.sid };
}

test("the command on the empty page creates the first summary, which then appears", async () => {
  await open();
  await page.getByRole("heading", { name: "No summaries yet" }).waitFor();
  await assertAccessible(page);
  const command = (await page.locator(".copied pre").innerText()).replaceAll("AUTH_TOKEN", account.authToken);
  await promisify(execFile)("bash", ["-c", command.replace("curl ", "curl --fail --silent --show-error ")]);
  await rows().first().getByText("Completed", { exact: true }).waitFor();
  await assertAccessible(page);
  assertQuiet(page);
});

test("a summary equals a recount, in the list and opened", async () => {
  await open();
  const { row, sid } = await create(THIS_WEEK);
  const [days, status, counted, rated, average, callback] = await cells(row);
  assert.deepEqual(
    [days, status, counted, rated, average, callback],
    ["4–10 Mar 2024", "Completed", `${thisWeek.calls}`, `${thisWeek.rated}`, thisWeek.average.toFixed(2), "None"],
  );

  await row.getByRole("link", { name: "Open the summary of 4–10 Mar 2024" }).click();
  await dialog().getByText(sid, { exact: true }).waitFor();
  const shown = await facts();
  const scores = thisWeek.within.flatMap(({ rating }) => rating?.score ?? []).sort();
  const middle = (scores[Math.floor((scores.length - 1) / 2)] + scores[Math.floor(scores.length / 2)]) / 2;
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - thisWeek.average) ** 2, 0) / scores.length);
  assert.equal(shown["Days (UTC)"], "4–10 Mar 2024 in UTC");
  assert.equal(shown["Calls of"], "This account");
  assert.deepEqual(
    ["Calls", "Ratings", "Average", "Median", "Standard deviation"].map((term) => shown[term]),
    [`${thisWeek.calls}`, `${thisWeek.rated}`, thisWeek.average.toFixed(2), middle.toFixed(1), deviation.toFixed(2)],
  );
  const named = {
    "Imperfect audio": "imperfect-audio",
    "Dropped call": "dropped-call",
    "Incorrect caller ID": "incorrect-caller-id",
    "Post-dial delay": "post-dial-delay",
    "Digits not captured": "digits-not-captured",
    "Unsolicited call": "unsolicited-call",
    "Audio latency": "audio-latency",
    "One-way audio": "one-way-audio",
  };
  const issues = await dialog()
    .locator(".numbers tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.innerText)));
  const expected = Object.entries(named)
    .map(([name, issue]) => [name, thisWeek.withIssue(issue)])
    .filter(([, times]) => times > 0)
    .map(([name, times]) => [name, `${times}`, `${((100 * times) / thisWeek.calls).toFixed(2)}%`]);
  assert.deepEqual(issues.toSorted(), expected.toSorted());
  assert.deepEqual(
    issues.map((row) => Number(row[1])),
    expected.map((row) => Number(row[1])).sort((a, b) => b - a),
  );
  await assertAccessible(page);

  for (const extension of ["json", "xml"]) {
    const link = dialog().getByRole("link", { name: `Download as ${extension.toUpperCase()}` });
    const file = await download(page, link);
    assert.equal(file.name, `${sid}.${extension}`);
    assert.equal(file.text, await account.summaryText(file.name));
  }
  assertQuiet(page);
});

test("the list follows a summary from queued to completed, and the focus stays", async () => {
  await open();
  const { row } = await create(THIS_WEEK);
  await page.evaluate(() => (globalThis.sameDocument = true));
  await page.getByLabel("To", { exact: true }).fill(THIS_WEEK.from);
  const delays = ["fsync", "fdatasync"].map((call) => `${call}:delay_enter=4000000`);
  // Slow commits keep each status long enough to be seen.
  await strace(server.pid, { calls: "fsync,fdatasync", inject: delays }, async () => {
    await page.getByRole("button", { name: "Create summary" }).click();
    await row.getByRole("link").focus();
    for (const status of ["Queued", "In progress", "Completed"]) {
      await rows()
        .filter({ hasText: /^4 Mar 2024/ })
        .first()
        .getByText(status, { exact: true })
        .waitFor();
      const waiting =
        status === "Completed" ? "All summaries on this page are counted" : "1 summary is not counted yet";
      await page.getByText(waiting, { exact: true }).waitFor();
    }
  });
  assert.deepEqual((await cells(rows().first())).slice(0, 3), [
    "4 Mar 2024",
    "Completed",
    `${thisWeek.onDay(THIS_WEEK.from).length}`,
  ]);
  assert.ok(await page.evaluate(() => globalThis.sameDocument), "the page was not reloaded");
  assert.ok(await isFocused(row.getByRole("link")), "the focus stays");
  assertQuiet(page);
});

test("the page shows attempts of callbacks: delivered, answered with an error, and unanswered", async () => {
  const receiver = await Receiver.start();
  const failing = createServer((_, response) => response.writeHead(503).end()).listen(0, "127.0.0.1");
  const gone = createServer().listen(0, "127.0.0.1");
  await Promise.all([once(failing, "listening"), once(gone, "listening")]);
  const [failingUrl, goneUrl] = [failing, gone].map((to) => `http://127.0.0.1:${to.address().port}/ended?a=<b>'`);
  gone.close();
  await open();
  try {
    const delivered = await create({ ...THIS_WEEK, url: `${receiver.origin}/ended`, method: "GET" });
    await delivered.row.getByText("Delivered, 1 try", { exact: true }).waitFor();
    assert.equal(receiver.requests[0].method, "GET");
    await delivered.row.getByRole("link").click();
    let shown = await waitFor("the answer", async () => (await facts())["Last answer"] && facts());
    assert.deepEqual(
      [shown.StatusCallback, shown.Callback, shown["Last answer"], shown["Next try"]],
      [`GET ${receiver.origin}/ended`, "Delivered, 1 try", "Status 204", undefined],
    );
    await page.keyboard.press("Escape");

    for (const [url, answer] of [
      [failingUrl, "Status 503"],
      [goneUrl, undefined],
    ]) {
      const { row, sid } = await create({ ...THIS_WEEK, url });
      await row.getByText("Pending, 1 try", { exact: true }).waitFor();
      await row.getByRole("link").click();
      shown = await waitFor("the try", async () => (await facts())["Last answer"] && facts());
      const callback = (await account.callbacks()).find(({ summary_sid }) => summary_sid === sid);
      assert.equal(shown.StatusCallback, `POST ${callback.url}`);
      assert.equal(shown["Last answer"], answer ?? callback.last_error);
      assert.ok(shown["Next try"] && shown["Last try"]);
      await assertAccessible(page);
      await dialog().getByRole("button", { name: "Close" }).click();
    }
  } finally {
    await receiver.stop();
    failing.close();
  }
  assertQuiet(page);
});

test("a summary is deleted by keyboard after a confirmation, and the focus moves on", async () => {
  await open();
  const { row, sid } = await create(THIS_WEEK);
  const remaining = (await account.summaries()).length - 1;
  await row.getByRole("link").focus();
  await page.keyboard.press("Enter");
  await tabTo(page, dialog().getByRole("button", { name: "Delete" }));
  await page.keyboard.press("Enter");
  const keep = dialog().getByRole("button", { name: "Keep it" });
  await waitFor("the question", () => isFocused(keep));
  await assertAccessible(page);
  await page.keyboard.press("Enter");
  const again = dialog().getByRole("button", { name: "Delete" });
  await waitFor("the button", () => isFocused(again));
  assert.equal((await account.summary(sid)).sid, sid);

  await page.keyboard.press("Enter");
  await tabTo(page, dialog().getByRole("button", { name: "Delete" }));
  await page.keyboard.press("Enter");
  await page.getByText("The summary was deleted.").waitFor();
  await dialog().waitFor({ state: "hidden" });
  const heading = page.getByRole("heading", { name: "Summaries", exact: true });
  await waitFor("the heading", () => isFocused(heading));
  await waitFor("the row to go", async () => (await rows().count()) === Math.min(25, remaining));
  assert.ok(await isFocused(heading));
  assert.ok((await account.summaries()).every((summary) => summary.sid !== sid));
  assertQuiet(page);
});

test("the pages link to each other, and each keeps its view in the URL", async () => {
  await page.goto(`${server.endpoint}/?from=${THIS_WEEK.from}&to=${THIS_WEEK.to}&tz=Asia/Tokyo`);
  await page.locator(".call-list").waitFor();
  const pages = page.getByRole("navigation", { name: "Pages" });
  const current = () => pages.locator('[aria-current="page"]').allInnerTexts();
  assert.deepEqual(await current(), ["Overview"]);
  await pages.getByRole("link", { name: "Summaries" }).focus();
  await page.keyboard.press("Enter");
  const heading = page.getByRole("heading", { name: "Feedback summaries" });
  await heading.waitFor();
  assert.equal(page.url(), `${server.endpoint}/summaries?tz=Asia%2FTokyo`);
  assert.deepEqual(await current(), ["Summaries"]);
  assert.equal(await page.title(), "Feedback summaries · Ringback");
  assert.ok(await isFocused(heading));
  await page.getByText("Times in Asia/Tokyo").waitFor();

  await page.goBack();
  await page.getByRole("heading", { name: "Call quality" }).waitFor();
  assert.ok(page.url().includes(`from=${THIS_WEEK.from}`));
  await page.goForward();
  await heading.waitFor();
  await pages.getByRole("link", { name: "Overview" }).click();
  await page.locator(".call-list").waitFor();
  assert.ok(
    page.url().includes(`from=${THIS_WEEK.from}&to=${THIS_WEEK.to}&tz=Asia%2FTokyo`),
    "the overview is as before",
  );
  assertQuiet(page);
});

test("a summary has its own URL: Back closes it, a link opens it, and an unknown one shows a message", async () => {
  await open();
  const { row, sid } = await create(THIS_WEEK);
  await row.getByRole("link").click();
  await dialog().getByText(sid, { exact: true }).waitFor();
  const link = page.url();
  await page.goBack();
  await dialog().waitFor({ state: "hidden" });
  await page.goForward();
  await dialog().getByText(sid, { exact: true }).waitFor();
  await page.goto(link);
  await dialog().getByText(sid, { exact: true }).waitFor();
  await open("?summary=FS00000000000000000000000000000000");
  await dialog().getByText("This summary was not found. It may have been deleted.").waitFor();
  await assertAccessible(page);
  assertQuietExcept(page, /status of 404/);
});

test("the list has pages", async () => {
  for (let i = (await account.summaries()).length; i < 27; i++) await account.summarise(THIS_WEEK.from, THIS_WEEK.from);
  await open();
  await waitFor("the first page", async () => (await rows().count()) === 25);
  await page.getByRole("button", { name: "Next page" }).click();
  const all = await account.summaries();
  await waitFor("the second page", async () => (await rows().count()) === all.length - 25);
  assert.match(page.url(), /before=\d+/);
  await page.getByRole("button", { name: "Previous page" }).click();
  await waitFor("the first page", async () => (await rows().count()) === 25);
});

test("the form says why a summary cannot be created", async () => {
  await open();
  const fill = async (from, to, url) => {
    await page.getByLabel("From").fill(from);
    await page.getByLabel("To", { exact: true }).fill(to);
    await page.getByLabel("Callback URL").fill(url);
    await page.getByRole("button", { name: "Create summary" }).click();
  };
  const before = (await account.summaries()).length;
  await fill("2024-03-10", "2024-03-04", "");
  await page.getByText("“From” must not be after “To”.").waitFor();
  assert.equal(await page.getByLabel("From").getAttribute("aria-invalid"), "true");
  await assertAccessible(page);
  await fill("2024-03-04", "", "");
  await page.getByText("“To” needs a date.").waitFor();
  await fill(THIS_WEEK.from, THIS_WEEK.to, "javascript:alert(1)");
  await page.getByText("must be a URL that begins with http:// or https://").waitFor();
  await assertAccessible(page);
  assert.equal((await account.summaries()).length, before);
  assertQuietExcept(page, /status of 400/);
});

test("a read key may do everything, a suspended account sees a message, and a signed-out user signs in again", async () => {
  const key = await ringbackJson(server.folder, ["key", "create", "--account", account.sid, "--scope", "read"]);
  await signIn(page, new Account(account.endpoint, key.sid, key.secret));
  await open();
  const { row } = await create(THIS_WEEK);
  await row.getByRole("link").click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await page.getByText("The summary was deleted.").waitFor();

  assert.equal((await ringback(server.folder, ["account", "suspend", account.sid])).code, 0);
  await page.reload();
  await page.getByRole("heading", { name: "Access denied" }).waitFor();
  await assertAccessible(page);
  assert.equal((await ringback(server.folder, ["account", "resume", account.sid])).code, 0);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.context().clearCookies();
  await page.reload();
  await page.getByRole("heading", { name: "Sign in to Ringback" }).waitFor();
  const url = page.url();
  await fillSignIn(page, account);
  await page.getByRole("heading", { name: "Feedback summaries" }).waitFor();
  assert.equal(page.url(), url);
  assertQuietExcept(page, /status of 40[13]/);
});

test("the list shows that it is loading, cannot load or is out of date", async () => {
  await account.summarise(THIS_WEEK.from, THIS_WEEK.to);
  const request = await hold(page, "**/summaries?*", (route) => route.abort());
  await open();
  await page.locator(".list-skeleton").waitFor();
  await assertAccessible(page);
  request.release();
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  await assertAccessible(page);
  await page.unroute("**/summaries?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await rows().first().waitFor();
  await page.route("**/summaries?*", (route) => route.abort());
  await page.getByText("These figures may be out of date").waitFor();
  await assertAccessible(page);
  await page.unroute("**/summaries?*");
  await page.getByText("These figures may be out of date").waitFor({ state: "detached" });
  assertQuietExcept(page, /net::ERR_FAILED/);
});

test("hostile text is shown as text", async () => {
  const { sid } = await account.summarise(THIS_WEEK.from, THIS_WEEK.to, {
    StatusCallback: `http://127.0.0.1:1/${HOSTILE}?${HOSTILE}`,
  });
  const { url } = await waitFor("the try", async () =>
    (await account.callbacks()).find(({ summary_sid, tries }) => summary_sid === sid && tries > 0),
  );
  await open(`?before=${encodeURIComponent(HOSTILE)}`);
  await page.getByText("Parameter cursor must be the next of a previous page").waitFor();
  await open(`?summary=${sid}`);
  await dialog().getByText(`POST ${url}`, { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
  assert.equal(await page.locator("img, dialog script").count(), 0);
  assertQuietExcept(page, /status of 400/);
});

test("the page works in German on a phone", async () => {
  const context = await browser.newContext({
    locale: "de",
    viewport: { width: 390, height: 844 },
    storageState,
  });
  const german = await newPage(context);
  await german.goto(`${server.endpoint}/summaries`);
  await german.getByRole("heading", { name: "Zusammenfassungen", exact: true }).waitFor();
  await german.getByText("Fertig", { exact: true }).first().waitFor();
  await assertAccessible(german);
  await assertFitsWidth(german);
  assertQuiet(german);
  await context.close();
});
