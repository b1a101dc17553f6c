// Every page of the dashboard: layout stability, navigation, and hostile text.
import assert from "node:assert/strict";
import { test } from "node:test";

import { assertAccessible, assertFitsWidth, assertQuiet, isFocused, newPage } from "../lib/browser.js";
import { history, LAST_WEEK, load, THIS_WEEK } from "../lib/history.js";
import { signIn } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

/** The pages; `last` is the element that appears last on each. */
const PAGES = [
  { name: "Overview", path: `/?from=${THIS_WEEK.from}&to=${THIS_WEEK.to}`, title: "Call quality", last: ".call-list" },
  { name: "Summaries", path: "/summaries", title: "Feedback summaries", last: ".summary-list, .calls .message" },
  { name: "Settings", path: "/settings", title: "Settings", last: "#subaccounts" },
];
const HOSTILE = `<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>'"&lt;{0}\${1}`;

let account;

setUp({}, async () => {
  account = server.account;
  await load(account, history());
});

async function openSignedIn(options) {
  const page = await newPage(await browser.newContext(options));
  await signIn(page, account);
  return page;
}

async function open(page, { path, last }) {
  await page.goto(server.endpoint + path);
  await page.locator(last).first().waitFor();
}

/** Changes the account through the API. */
async function send(method, path, json) {
  const { status, text } = await account.request(method, `/v1/accounts/${account.sid}${path}`, { json });
  assert.ok(status >= 200 && status < 300, text);
}

for (const width of [1280, 390]) {
  test(`no layout shifts while a page loads, ${width} pixels wide`, async () => {
    const page = await openSignedIn({ viewport: { width, height: 900 } });
    await page.addInitScript(() => {
      globalThis.shifts = [];
      const record = (list) => {
        for (const { value, sources } of list.getEntries()) {
          const moved = sources.map(({ node, previousRect, currentRect }) => [
            node?.className ?? node?.nodeName,
            Math.round(previousRect.y),
            Math.round(currentRect.y),
          ]);
          globalThis.shifts.push({ value, moved });
        }
      };
      new PerformanceObserver(record).observe({ type: "layout-shift", buffered: true });
    });
    for (const one of PAGES) {
      await open(page, one);
      // The observer reports everything painted so far by the second frame from now.
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))),
      );
      const shifts = await page.evaluate(() => globalThis.shifts);
      const sum = shifts.reduce((all, { value }) => all + value, 0);
      assert.ok(sum < 0.01, `${one.name}: ${sum} ${JSON.stringify(shifts)}`);
    }
    assertQuiet(page);
    await page.context().close();
  });
}

test("each page has its heading and landmarks, and navigation moves the focus to the heading", async () => {
  const page = await openSignedIn({ viewport: { width: 1280, height: 900 } });
  await open(page, PAGES[0]);
  for (const { name, title, last } of [PAGES[1], PAGES[2], PAGES[0]]) {
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
    await page.locator(last).first().waitFor();
    const heading = page.getByRole("heading", { level: 1 });
    assert.deepEqual(await heading.allInnerTexts(), [title]);
    await waitFor("the focus on the heading", () => isFocused(heading));
    assert.equal(await page.title(), `${title} · Ringback`);
    const current = page.getByRole("navigation").locator('[aria-current="page"]');
    assert.deepEqual(await current.allInnerTexts(), [name]);
    for (const role of ["banner", "main"]) assert.equal(await page.getByRole(role).count(), 1, `${name}: ${role}`);
    // No heading level is skipped.
    const levels = await page
      .locator(":is(h1, h2, h3, h4):visible")
      .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
    assert.ok(
      levels.every((level, i) => i === 0 || level <= levels[i - 1] + 1),
      `${name}: ${levels}`,
    );
    await assertAccessible(page);
  }
  assertQuiet(page);
  await page.context().close();
});

test("hostile text is shown as text on every page", async () => {
  const fields = { call: `call ${HOSTILE}`, party: `party ${HOSTILE}`, from: `from ${HOSTILE}`, to: `to ${HOSTILE}` };
  const started_at = `${LAST_WEEK.from}T20:00:00Z`;
  await account.report([{ ...fields, started_at, labels: { queue: HOSTILE.slice(0, 100) } }]);
  const [{ sid }] = await account.find({
    from: LAST_WEEK.from,
    to: LAST_WEEK.from,
    rated: "false",
    label: `queue:${HOSTILE.slice(0, 100)}`,
  });
  await account.rate(sid, { score: 1, issues: ["dropped-call"], comment: `comment ${HOSTILE}` });

  await send("PATCH", "", { name: `account ${HOSTILE}`, allowed_origins: ["https://phone.example"] });
  await send("POST", "/subaccounts", { name: `subaccount ${HOSTILE}` });
  await send("POST", "/api-keys", { name: `key ${HOSTILE}`, scopes: ["mint"] });
  const callback = `https://hostile.invalid/?${HOSTILE.replaceAll(" ", "+")}`;
  await account.summarise(LAST_WEEK.from, LAST_WEEK.from, { StatusCallback: callback });

  const page = await openSignedIn({ viewport: { width: 1280, height: 900 } });
  await open(page, {
    path: `/?from=${LAST_WEEK.from}&to=${LAST_WEEK.from}&label=${encodeURIComponent(`queue:${HOSTILE.slice(0, 100)}`)}&tz=UTC`,
    last: ".call-list",
  });
  await page.getByText(`comment ${HOSTILE}`, { exact: true }).waitFor();
  await page.locator(".call-list").getByRole("link").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(`comment ${HOSTILE}`, { exact: true }).waitFor();
  for (const text of Object.values(fields)) await dialog.getByText(text, { exact: true }).waitFor();
  await dialog.getByText(`queue:${HOSTILE.slice(0, 100)}`, { exact: true }).waitFor();
  await assertAccessible(page);
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
  assert.equal(await page.locator("img, dialog script").count(), 0);
  await page.locator(".account", { hasText: `account ${HOSTILE}` }).waitFor();
  assertQuiet(page);

  await open(page, PAGES[1]);
  await page.locator(".summary-list").getByRole("link").first().click();
  await page.getByRole("dialog").getByText("https://hostile.invalid/").waitFor();
  await assertAccessible(page);

  await open(page, PAGES[2]);
  for (const kind of ["subaccount", "key"])
    await page.locator(".rows").getByText(`${kind} ${HOSTILE}`, { exact: true }).waitFor();
  assert.equal(await page.locator("#account-name").inputValue(), `account ${HOSTILE}`);
  await page.locator("#origin").fill(HOSTILE);
  await page.locator("#origin").press("Enter");
  await page.getByRole("alert").filter({ hasText: "Enter a website" }).waitFor();
  for (const button of [/^Revoke key/, /^Suspend subaccount/]) {
    await page.getByRole("button", { name: button }).click();
    await page.getByRole("dialog").getByRole("heading").getByText(HOSTILE).waitFor();
    await assertAccessible(page);
    await page.keyboard.press("Escape");
  }
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
  assert.equal(await page.locator("img, main script").count(), 0);
  await assertFitsWidth(page);
  assertQuiet(page);

  await page.goto(
    `${server.endpoint}/?from=${encodeURIComponent(HOSTILE)}&to=x&tz=UTC&score=${encodeURIComponent(HOSTILE)}`,
  );
  await page.getByText("The link’s dates cannot be shown").waitFor();
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
  assertQuiet(page);
  await page.context().close();
});
