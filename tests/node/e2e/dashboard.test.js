// The overview on a real server with known calls; the tests recount every number on it.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { assertAccessible, assertFitsWidth, assertQuiet, isFocused, newPage, tabTo } from "../lib/browser.js";
import { history, ISSUES, LAST_WEEK, load, recount, THIS_WEEK } from "../lib/history.js";
import { signIn } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

const WEEK = `from=${THIS_WEEK.from}&to=${THIS_WEEK.to}`;
const ISSUE_NAMES = [
  "Imperfect audio",
  "Dropped call",
  "Incorrect caller ID",
  "Post-dial delay",
  "Digits not captured",
  "Unsolicited call",
  "Audio latency",
  "One-way audio",
];
const calls = history();
const thisWeek = recount(calls, THIS_WEEK);
const lastWeek = recount(calls, LAST_WEEK);

let page;

setUp({}, async () => {
  await load(server.account, calls);
  page = await newPage(await browser.newContext({ viewport: { width: 1280, height: 900 } }));
  await signIn(page, server.account);
});
beforeEach(() => open(WEEK));
afterEach(() => assertQuiet(page));

async function open(query) {
  await page.goto(`${server.endpoint}/?${query}`);
  await page.getByRole("heading", { name: "Calls", exact: true }).waitFor();
  await page.locator(".call-list, .calls .message").first().waitFor();
}

const share = (part, whole, decimals = 1) => `${((100 * part) / whole).toFixed(decimals)}%`;
const plural = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** The lines of the tile with this label. */
const tile = async (label) =>
  (
    await page
      .locator(".tile", { has: page.locator("dt", { hasText: label }) })
      .locator("dd")
      .allInnerTexts()
  ).map((text) => text.replace(/\s+/g, " ").trim());

/** The texts of the table of a chart, row by row. */
const table = async (heading) => {
  const rows = page.getByRole("table", { name: heading }).locator("tbody tr");
  const texts = await rows.evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => cell.innerText.trim())),
  );
  assert.ok(texts.length > 0, `${heading} has no rows`);
  return texts;
};

/** The numbers in the history of the listed calls, over all pages. */
async function listed() {
  const found = [];
  for (;;) {
    await page.locator('.calls [aria-busy="false"]').waitFor();
    found.push(...(await page.locator(".call-list .parties").allInnerTexts()));
    const next = page.getByRole("button", { name: "Next page" });
    if ((await next.count()) === 0) break;
    const last = page.url();
    await next.click();
    await page.waitForURL((url) => `${url}` !== last);
    await waitFor(
      "the next page",
      async () => (await page.locator(".call-list .parties").first().innerText()) !== found.at(-25),
    );
  }
  return found.map((parties) => Number(parties.match(/^\+4930(\d+) →/)[1]) - 1_000_000).sort((a, b) => a - b);
}

const numbers = (some) => some.map(({ call }) => Number(call.slice(8))).sort((a, b) => a - b);
const rated = (some) => some.filter(({ rating }) => rating);

/** Waits for the list and asserts that it has exactly these calls. */
async function assertListed(some) {
  await waitFor("the filtered list", async () => {
    await page.locator('.calls [aria-busy="false"]').waitFor();
    const first = await page.locator(".call-list .parties").count();
    return first === Math.min(25, some.length);
  });
  assert.deepEqual(await listed(), numbers(some));
}

test("the figures at a glance equal a recount, and are compared with the week before", async () => {
  const [average, detail, change] = await tile("Average score");
  assert.equal(average, thisWeek.average.toFixed(2));
  const [, low, high, ratings] = detail.match(/^(\d\.\d\d)–(\d\.\d\d) at 95% · (\d+) ratings$/);
  // Student's quantile is in this range for about 56 ratings.
  const reach = (Number(high) - Number(low)) / 2 / thisWeek.error;
  assert.ok(reach > 1.95 && reach < 2.06, `${reach} standard errors`);
  assert.ok(Math.abs((Number(high) + Number(low)) / 2 - thisWeek.average) < 0.011);
  assert.equal(Number(ratings), thisWeek.rated);
  const moved = Number((thisWeek.average - lastWeek.average).toFixed(2));
  const words = moved > 0 ? `▲ ${moved.toFixed(2)} higher, better` : `▼ ${(-moved).toFixed(2)} lower, worse`;
  assert.equal(change, words);

  const points = (before, after, moreIsBetter) => {
    const by = Number((100 * (after - before)).toFixed(1));
    const judged = by > 0 === moreIsBetter ? "better" : "worse";
    return by > 0 ? `▲ ${by.toFixed(1)} points higher, ${judged}` : `▼ ${(-by).toFixed(1)} points lower, ${judged}`;
  };
  assert.deepEqual(await tile("Good (4 and 5)"), [
    share(thisWeek.good, thisWeek.rated),
    `${thisWeek.good} of ${thisWeek.rated} ratings`,
    points(lastWeek.good / lastWeek.rated, thisWeek.good / thisWeek.rated, true),
  ]);
  assert.deepEqual(await tile("Bad (1 and 2)"), [
    share(thisWeek.bad, thisWeek.rated),
    `${thisWeek.bad} of ${thisWeek.rated} ratings`,
    points(lastWeek.bad / lastWeek.rated, thisWeek.bad / thisWeek.rated, false),
  ]);
  assert.deepEqual(await tile("Response rate"), [
    "100.0%",
    `${thisWeek.rated} rated of ${thisWeek.rated} asked`,
    "= Same as before",
  ]);
  assert.deepEqual(await tile("Coverage"), [
    share(thisWeek.rated, thisWeek.calls),
    `${thisWeek.rated} rated of ${thisWeek.calls} calls`,
    points(lastWeek.rated / lastWeek.calls, thisWeek.rated / thisWeek.calls, true),
  ]);
  const [counted, asked] = await tile(/^Calls$/);
  assert.deepEqual([counted, asked], [`${thisWeek.calls}`, `${thisWeek.rated} asked · ${thisWeek.rated} rated`]);
});

test("scores, issues and issues by score equal a recount", async () => {
  const scores = [5, 4, 3, 2, 1].map((n) => [
    plural(n, "star"),
    `${thisWeek.withScore(n)}`,
    share(thisWeek.withScore(n), thisWeek.rated),
  ]);
  assert.deepEqual(await table("How calls were rated"), scores);

  const issues = ISSUES.map((issue, i) => [
    ISSUE_NAMES[i],
    `${thisWeek.withIssue(issue)}`,
    share(thisWeek.withIssue(issue), thisWeek.calls, 2),
  ]);
  const expected = issues.filter(([, n]) => n !== "0").sort((a, b) => b[1] - a[1]);
  assert.deepEqual(await table("What went wrong"), expected);

  const cells = ISSUES.map((issue, i) => [
    ISSUE_NAMES[i],
    ...[1, 2, 3, 4, 5].map((n) => `${thisWeek.withIssue(issue, n)}`),
  ]);
  const byName = (rows) => new Map(rows.map(([name, ...rest]) => [name, rest]));
  assert.deepEqual(
    byName(await table("Issues by score")),
    byName(cells.filter(([, ...n]) => n.some((x) => x !== "0"))),
  );
});

test("T shows the trend as a table, with the week before", async () => {
  const toggle = page
    .getByRole("region", { name: "Average score and ratings per day" })
    .getByRole("button", { name: "Table" });
  await toggle.focus();
  await page.keyboard.press("t");
  const rows = await table("Average score and ratings per day");
  const mean = (some) => (some.length ? (some.reduce((a, c) => a + c.rating.score, 0) / some.length).toFixed(2) : "–");
  const expected = [0, 1, 2, 3, 4, 5, 6].map((i) => {
    const day = new Date(Date.parse(THIS_WEEK.from) + i * 86_400_000).toISOString().slice(0, 10);
    const week = new Date(Date.parse(LAST_WEEK.from) + i * 86_400_000).toISOString().slice(0, 10);
    const [here, there] = [rated(thisWeek.onDay(day)), rated(lastWeek.onDay(week))];
    return [
      `${thisWeek.onDay(day).length}`,
      `${here.length}`,
      `${here.length}`,
      mean(here),
      `${there.length}`,
      mean(there),
    ];
  });
  assert.deepEqual(
    rows.map(([, ...numbers]) => numbers),
    expected,
  );
  assert.equal(rows[0][0], "Mon 4 Mar 2024");
  await page.keyboard.press("t");
  assert.equal(await page.getByRole("table", { name: "Average score and ratings per day" }).count(), 0);
});

test("weekdays and hours equal a recount, and arrow keys move between them", async () => {
  const names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
  const heat = page.getByRole("group", { name: "Average score by weekday and hour" });
  const labels = await heat
    .getByRole("button")
    .evaluateAll((all) => all.map((cell) => cell.getAttribute("aria-label")));
  const expected = names.flatMap((name, weekday) =>
    Array.from({ length: 24 }, (_, hour) => {
      const some = rated(thisWeek.inHour(weekday, hour));
      const average = some.length ? (some.reduce((a, c) => a + c.rating.score, 0) / some.length).toFixed(1) : "–";
      return `${name} ${String(hour).padStart(2, "0")}:00: ${plural(some.length, "rating")}, average ${average}`;
    }),
  );
  assert.deepEqual(labels, expected);

  const cell = (name) => heat.getByRole("button", { name: new RegExp(`^${name}: `) });
  await tabTo(page, cell("Monday 00:00"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  assert.ok(await isFocused(cell("Tuesday 01:00")));
  assert.match(await heat.locator(".tip").innerText(), /^Tuesday 01:00/);
  await page.keyboard.press("Escape");
  assert.equal(await heat.locator(".tip").count(), 0);
});

test("a bar, a cell and a point each filter the list to their calls", async () => {
  const all = rated(thisWeek.within);
  await assertListed(all);
  await page.getByRole("button", { name: /^2 stars$/ }).click();
  await assertListed(all.filter(({ rating }) => rating.score === 2));
  assert.ok(await isFocused(page.getByRole("heading", { name: "Calls", exact: true })));

  await page.getByRole("button", { name: "Dropped call", exact: true }).click();
  await assertListed(all.filter(({ rating }) => rating.issues.includes("dropped-call")));

  await page.getByRole("button", { name: /^Dropped call, 1 star: / }).click();
  await assertListed(all.filter(({ rating }) => rating.issues.includes("dropped-call") && rating.score === 1));

  await page.getByRole("button", { name: /^Wed 6 Mar 2024, / }).click();
  await assertListed(rated(thisWeek.onDay("2024-03-06")));

  const busiest = rated(thisWeek.inHour(2, 9)).length ? [2, 9] : [0, 9];
  await page.getByRole("button", { name: new RegExp(`^${busiest[0] ? "Wednesday" : "Monday"} 09:00: `) }).click();
  await assertListed(rated(thisWeek.inHour(...busiest)));

  await page.getByRole("button", { name: "Show all" }).click();
  await assertListed(all);
});

test("the URL holds the view, and Back, Forward and a link restore it", async () => {
  await page.getByRole("button", { name: /^1 star$/ }).click();
  await page.waitForURL(/score=1/);
  await page.getByRole("combobox", { name: "Direction" }).selectOption("Outbound");
  await page.waitForURL(/direction=outbound/);
  const expected = rated(thisWeek.within).filter(
    ({ rating, direction }) => rating.score === 1 && direction === "outbound",
  );
  await assertListed(expected);
  const outbound = recount(
    calls.filter(({ direction }) => direction === "outbound"),
    THIS_WEEK,
  );
  const shown = async () => (await tile(/^Calls$/))[0];
  await waitFor("the figures of one direction", async () => (await shown()) === `${outbound.calls}`);
  const link = page.url();

  await page.goBack();
  await page.waitForURL((url) => !`${url}`.includes("direction"));
  await waitFor("the figures of both", async () => (await shown()) === `${thisWeek.calls}`);
  await assertListed(rated(thisWeek.within).filter(({ rating }) => rating.score === 1));
  await page.goForward();
  await assertListed(expected);

  const colleague = await page.context().newPage();
  await colleague.goto(link);
  await colleague.locator(".call-list").waitFor();
  assert.equal(await colleague.locator(".call-list tbody tr").count(), Math.min(25, expected.length));
  assert.equal(await colleague.getByRole("combobox", { name: "Direction" }).inputValue(), "outbound");
  await colleague.close();
});

test("the list is filtered by comment, by label and to calls without a rating", async () => {
  await page.getByRole("combobox", { name: "Comment" }).selectOption("With comment");
  await assertListed(rated(thisWeek.within).filter(({ rating }) => rating.comment));
  await page.getByRole("button", { name: "Remove filter: With comment" }).click();

  const choice = page.getByRole("combobox", { name: "Label" });
  const known = await waitFor("the labels", async () => {
    const options = await choice
      .locator("optgroup")
      .evaluateAll((all) => all.map((group) => [group.label, ...[...group.children].map((option) => option.text)]));
    return options.length > 0 && options;
  });
  assert.deepEqual(known, [["queue", "sales", "support"]]);
  await choice.selectOption("Another label…");
  const label = page.getByRole("textbox", { name: "Another label…" });
  await waitFor("the field", () => isFocused(label));
  await label.fill("support");
  await label.press("Enter");
  await page.getByText("A label is a key and a value").waitFor();
  await assertAccessible(page);
  await label.fill("queue:support");
  await label.press("Enter");
  await assertListed(rated(thisWeek.within).filter(({ labels }) => labels.queue === "support"));
  await choice.selectOption("sales");
  await assertListed(rated(thisWeek.within).filter(({ labels }) => labels.queue === "sales"));

  await page.getByRole("combobox", { name: "Rating" }).selectOption("Calls without a rating");
  await assertListed(thisWeek.within.filter(({ rating, labels }) => !rating && labels.queue === "sales"));
});

test("column headings sort the list and announce the order", async () => {
  const all = rated(thisWeek.within);
  const heads = () => page.locator(".call-list th.sort").evaluateAll((all) => all.map((head) => head.ariaSort));
  const parties = () => page.locator(".call-list .parties").allInnerTexts();
  const sorted = (order) =>
    all
      .toSorted(order)
      .slice(0, 25)
      .map(({ from, to }) => `${from} → ${to}`);
  const newest = (a, b) => (a.started_at < b.started_at ? 1 : -1);
  const shown = async (order) => waitFor("the order", async () => `${await parties()}` === `${sorted(order)}`);
  assert.deepEqual(await heads(), ["descending", "none"]);
  await shown(newest);
  const [started, score] = ["Started", "Score"].map((name) => page.locator(".call-list").getByRole("button", { name }));
  await started.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/order=oldest/);
  await shown((a, b) => -newest(a, b));
  assert.deepEqual(await heads(), ["ascending", "none"]);
  assert.ok(await isFocused(started), "the focus stays");
  await score.click();
  await shown((a, b) => a.rating.score - b.rating.score || newest(a, b));
  assert.deepEqual(await heads(), ["none", "ascending"]);
  await score.click();
  await shown((a, b) => b.rating.score - a.rating.score || newest(a, b));
  assert.deepEqual(await heads(), ["none", "descending"]);
  await assertAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await started.click();
  await shown(newest);
  await assertAccessible(page);
  await page.setViewportSize({ width: 1280, height: 900 });
});

test("cells of issues by score have tooltips for mouse and keyboard, which Escape closes", async () => {
  const matrix = page.getByRole("group", { name: "Issues by score" });
  const first = matrix.getByRole("button").first();
  const name = await first.getAttribute("aria-label");
  await tabTo(page, first);
  const tip = matrix.locator(".tip");
  assert.equal(await tip.innerText(), name);
  const [of, within] = await Promise.all([tip.boundingBox(), matrix.boundingBox()]);
  assert.ok(
    of.y >= within.y && of.x >= within.x && of.x + of.width <= within.x + within.width,
    "the whole tooltip is visible",
  );
  await page.keyboard.press("Escape");
  assert.equal(await tip.count(), 0);
  const last = matrix.getByRole("button").last();
  await last.hover();
  assert.equal(await tip.innerText(), await last.getAttribute("aria-label"));
  const end = await tip.boundingBox();
  assert.ok(end.x + end.width <= within.x + within.width);
  await page.keyboard.press("End");
  assert.ok(await isFocused(last));
});

test("table rows filter the list as points and cells do", async () => {
  for (const [chart, row, some] of [
    ["Average score and ratings per day", "Wed 6 Mar 2024", rated(thisWeek.onDay("2024-03-06"))],
    ["Average score by weekday and hour", /^Monday \d\d:00$/, undefined],
  ]) {
    await page.getByRole("region", { name: chart }).getByRole("button", { name: "Table" }).click();
    const button = page.getByRole("table", { name: chart }).getByRole("button", { name: row }).first();
    const hour = Number((await button.innerText()).match(/(\d\d):00/)?.[1]);
    await button.focus();
    await page.keyboard.press("Enter");
    await assertListed(some ?? rated(thisWeek.inHour(0, hour)));
    assert.equal(await button.getAttribute("aria-pressed"), "true");
  }
  await assertAccessible(page);
});

test("a link shows a colleague the same hours", async () => {
  await page.getByRole("button", { name: /^1 star$/ }).click();
  await page.waitForURL(/score=1/);
  assert.equal(new URL(page.url()).searchParams.get("tz"), "UTC");
  await open(`${WEEK}&tz=Asia/Tokyo`);
  await page.getByText("Days and hours in Asia/Tokyo").waitFor();
  await page.getByRole("button", { name: /^1 star$/ }).click();
  await page.waitForURL(/score=1/);
  assert.equal(new URL(page.url()).searchParams.get("tz"), "Asia/Tokyo");
});

test("a call opens with all its fields, under its own URL", async () => {
  const [first] = rated(thisWeek.within)
    .filter(({ rating }) => rating.comment && rating.issues.length)
    .sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
  await open(`${WEEK}&has_comment=true`);
  await page.getByRole("row", { name: first.rating.comment }).getByRole("link").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(first.rating.comment, { exact: true }).waitFor();
  for (const text of [first.from, first.to, first.call, "Completed", `queue:${first.labels.queue}`]) {
    await dialog.getByText(text, { exact: true }).waitFor();
  }
  await dialog.getByText(plural(first.rating.score, "star"), { exact: true }).waitFor();
  await assertAccessible(page);
  const link = page.url();
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => !`${url}`.includes("call="));
  await page.goto(link);
  await dialog.getByText(first.rating.comment, { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "hidden" });
});

test("the overview is accessible as charts and as tables, wide and narrow", async () => {
  await assertAccessible(page);
  for (const name of ["Average score and ratings per day", "Average score by weekday and hour"]) {
    await page.getByRole("region", { name }).getByRole("button", { name: "Table" }).click();
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await assertAccessible(page);
  await assertFitsWidth(page);
  await page.setViewportSize({ width: 1280, height: 900 });
});

test("the overview works in German", async () => {
  const context = await browser.newContext({ locale: "de-AT", storageState: await page.context().storageState() });
  const german = await newPage(context);
  await german.goto(`${server.endpoint}/?${WEEK}`);
  await german.getByRole("heading", { name: "Anrufqualität" }).waitFor();
  await german.getByText(thisWeek.average.toFixed(2).replace(".", ","), { exact: true }).waitFor();
  assert.equal(await german.getAttribute("html", "lang"), "de");
  await assertAccessible(german);
  assertQuiet(german);
  await context.close();
});

test("the page uses the first browser language that it supports", async () => {
  const context = await browser.newContext({ storageState: await page.context().storageState() });
  for (const [languages, expected] of [
    [["fr", "de-AT", "en"], "de"],
    [["DE"], "de"],
    [["en-GB", "de"], "en"],
    [["fr"], "en"],
    [[], "en"],
  ]) {
    const reader = await newPage(context);
    await reader.addInitScript((list) => Object.defineProperty(navigator, "languages", { value: list }), languages);
    await reader.goto(`${server.endpoint}/?${WEEK}`);
    await reader.getByRole("heading", { name: { de: "Anrufqualität", en: "Call quality" }[expected] }).waitFor();
    assert.equal(await reader.getAttribute("html", "lang"), expected, languages.join());
    assertQuiet(reader);
    await reader.close();
  }
  await context.close();
});

test("an unreachable server shows an error and a button to try again", async () => {
  await page.route("**/stats?*", (route) => route.abort());
  await page.goto(`${server.endpoint}/?${WEEK}`);
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  await assertAccessible(page);
  await page.unroute("**/stats?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("At a glance").waitFor();
  // The browser itself logs the failed requests.
  page.complaints = page.complaints.filter((text) => !text.includes("net::ERR_FAILED"));
});
