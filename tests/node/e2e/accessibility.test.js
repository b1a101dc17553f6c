// Nobody is left out: axe finds nothing, and the stars are what they look like to those who do not see them.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { accessibilityTree, assertAccessible, assertQuiet, launch, newPage } from '../lib/browser.js';
import { dashboard, softphone, widget } from '../lib/pages.js';
import { Server } from '../lib/server.js';

let server, browser, page;

before(async () => {
  server = await Server.start({ demo: true });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
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

test('the demo page', async () => {
  await page.goto(`${server.endpoint}/demo`);
  await softphone(page).call.waitFor();
  await assertAccessible(page);
  assertQuiet(page);
});

test('the reference of the APIs, closed and open, on a desk and on a phone', async () => {
  for (const width of [1200, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${server.endpoint}/docs`);
    await assertAccessible(page);
    await page.evaluate(() => document.querySelectorAll('details').forEach(one => one.setAttribute('open', '')));
    await assertAccessible(page);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `it is wider than ${width}`);
  }
  assertQuiet(page);
});

test('the demo page with the widget, empty, filled and sent', async () => {
  const form = widget(page);
  await openWidget();
  await assertAccessible(page);
  await form.star(2).check({ force: true });
  await form.issue('The call cut out').check();
  await assertAccessible(page);
  await form.send.click();
  await form.thanks.waitFor();
  await assertAccessible(page);
  assertQuiet(page);
});

test('the stars are five radios with names, one of them checked after a choice', async () => {
  await openWidget();
  const stars = async () => (await accessibilityTree(page, 'radio')).map(({ name, checked }) => [name, checked]);
  assert.deepEqual(await stars(), [
    ['1 star, Terrible', 'false'],
    ['2 stars, Poor', 'false'],
    ['3 stars, OK', 'false'],
    ['4 stars, Good', 'false'],
    ['5 stars, Great', 'false'],
  ]);
  await widget(page).star(4).check({ force: true });
  assert.deepEqual(
    (await stars()).map(([, checked]) => checked),
    ['false', 'false', 'false', 'true', 'false'],
  );
  assert.deepEqual(await accessibilityTree(page, 'radiogroup'), []);
  const groups = await accessibilityTree(page, 'group');
  assert.ok(groups.some(({ name }) => name === 'How was your call?'), JSON.stringify(groups));
  assertQuiet(page);
});

test('the sign-in page', async () => {
  await page.goto(server.endpoint);
  await page.getByRole('button', { name: /sign in/i }).waitFor();
  await assertAccessible(page);
  // How the page learns that nobody is signed in; the browser reports it by itself.
  assertQuiet(page, ['Failed to load resource: the server responded with a status of 401 (Unauthorized) (/v1/session)']);
});

test('the dashboard, page by page, on a desk and on a phone', async () => {
  const board = dashboard(page, server.endpoint);
  await board.signIn(server.signInLink);
  const { rated } = await board.figures();
  assert.ok(rated > 0, 'the demo data has ratings');
  await assertAccessible(page);
  for (const path of ['/summaries', '/settings']) {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(server.endpoint + path);
      await page.locator('main h2').first().waitFor();
      await assertAccessible(page);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} is wider than ${width}`);
    }
  }
  assertQuiet(page);
});
