// The pages are accessible: axe finds nothing, and assistive technology sees the stars as radio buttons.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { accessibilityTree, assertAccessible, assertFitsWidth, assertQuiet, newPage } from "../lib/browser.js";
import { dashboard, softphone, widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";

let page;

setUp({ demo: true });
beforeEach(async () => {
  page = await newPage(await browser.newContext());
});

async function openWidget() {
  await page.goto(`${server.endpoint}/demo`);
  const phone = softphone(page);
  await phone.call.click();
  await phone.hangUp.click();
  await widget(page).star(5).waitFor();
}

test("the demo page is accessible", async () => {
  await page.goto(`${server.endpoint}/demo`);
  await softphone(page).call.waitFor();
  await assertAccessible(page);
  assertQuiet(page);
});

test("the API reference is accessible, collapsed and expanded, on a desktop and on a phone", async () => {
  for (const width of [1200, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${server.endpoint}/docs`);
    await assertAccessible(page);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    await assertAccessible(page);
    await assertFitsWidth(page);
  }
  assertQuiet(page);
});

test("the widget on the demo page is accessible when empty, filled in and sent", async () => {
  const form = widget(page);
  await openWidget();
  await assertAccessible(page);
  await form.star(2).check({ force: true });
  await form.issue("The call cut out").check();
  await assertAccessible(page);
  await form.send.click();
  await form.thanks.waitFor();
  await assertAccessible(page);
  assertQuiet(page);
});

test("the stars are five named radio buttons, one of them checked after a choice", async () => {
  await openWidget();
  const stars = async () => (await accessibilityTree(page, "radio")).map(({ name, checked }) => [name, checked]);
  assert.deepEqual(await stars(), [
    ["1 star, Terrible", "false"],
    ["2 stars, Poor", "false"],
    ["3 stars, OK", "false"],
    ["4 stars, Good", "false"],
    ["5 stars, Great", "false"],
  ]);
  await widget(page).star(4).check({ force: true });
  assert.deepEqual(
    (await stars()).map(([, checked]) => checked),
    ["false", "false", "false", "true", "false"],
  );
  assert.deepEqual(await accessibilityTree(page, "radiogroup"), []);
  const groups = await accessibilityTree(page, "group");
  assert.ok(
    groups.some(({ name }) => name === "How was your call?"),
    JSON.stringify(groups),
  );
  assertQuiet(page);
});

test("the sign-in page is accessible", async () => {
  await page.goto(server.endpoint);
  await page.getByRole("button", { name: /sign in/i }).waitFor();
  await assertAccessible(page);
  // The page asks whether there is a session; the browser itself logs the 401.
  assertQuiet(page, [
    "Failed to load resource: the server responded with a status of 401 (Unauthorized) (/v1/session)",
  ]);
});

test("every page of the dashboard is accessible, on a desktop and on a phone", async () => {
  const board = dashboard(page, server.endpoint);
  await board.signIn(server.signInLink);
  const { rated } = await board.figures();
  assert.ok(rated > 0, "the demo data has ratings");
  await assertAccessible(page);
  for (const path of ["/summaries", "/settings"]) {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(server.endpoint + path);
      await page.locator("main h2").first().waitFor();
      await assertAccessible(page);
      await assertFitsWidth(page);
    }
  }
  assertQuiet(page);
});
