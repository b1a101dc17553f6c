// What a host can ask for: that the fifth star is sent by itself, that a low score has a reason, that people can opt out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertQuiet, launch, mouseClick } from '../lib/browser.js';
import { openElsewhere } from '../lib/elsewhere.js';
import { Server } from '../lib/server.js';
import { waitFor } from '../lib/wait.js';

let server, browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const soon = page => page.getByRole('status').filter({ hasText: 'Your rating will be sent in a moment.' });
const undo = page => page.getByRole('button', { name: 'Undo' });

test('with auto-send the fifth star is sent by itself, after a moment', async t => {
  const { page, form, sid, events } = await openElsewhere(t, browser, server, { attributes: 'auto-send' });
  const from = Date.now();
  await mouseClick(page, form.drawnStar(5));
  await soon(page).waitFor();
  await undo(page).waitFor();
  assert.equal(await server.account.rating(sid), undefined);
  await form.thanks.waitFor();
  assert.ok(Date.now() - from >= 3000, 'it left no time to take it back');
  assert.deepEqual(await server.account.rating(sid), { score: 5, issues: [] });
  assert.deepEqual((await events()).map(([name]) => name), ['change', 'submitted']);
  assert.ok(!(await undo(page).isVisible()));
  assertQuiet(page);
});

test('what is taken back or changed is not sent by itself', async t => {
  const changes = {
    'Undo': page => undo(page).click(),
    'another star': (page, form) => mouseClick(page, form.drawnStar(4)),
    'a comment': (page, form) => form.comment.fill('Thanks'),
  };
  // All at once: what would be sent, would be after three seconds.
  await Promise.all(
    Object.entries(changes).map(async ([what, change]) => {
      const { page, form, sid, events } = await openElsewhere(t, browser, server, { attributes: 'auto-send' });
      await page.clock.install();
      await mouseClick(page, form.drawnStar(5));
      await soon(page).waitFor();
      await change(page, form);
      await soon(page).waitFor({ state: 'detached' });
      assert.ok(!(await undo(page).isVisible()), what);
      await page.clock.fastForward(10_000);
      assert.ok(!(await form.thanks.isVisible()), what);
      assert.ok((await events()).every(([name]) => name === 'change'), what);
      assert.equal(await server.account.rating(sid), undefined, what);
      // And then as everybody else's.
      await form.send.click();
      await form.thanks.waitFor();
      assert.equal((await server.account.rating(sid)).score, what === 'another star' ? 4 : 5);
      assertQuiet(page);
    }),
  );
});

test('Undo leaves the person at the star, and a form that goes away in that moment sends what was chosen, once', async t => {
  const { page, form } = await openElsewhere(t, browser, server, { attributes: 'auto-send' });
  await form.star(5).focus();
  await page.keyboard.press('Space');
  await undo(page).focus();
  await page.keyboard.press('Enter');
  await waitFor('the focus to be at the star', () => form.star(5).evaluate(star => star.matches(':focus')));
  assert.ok(await form.star(5).isChecked());

  const other = await openElsewhere(t, browser, server, { attributes: 'auto-send' });
  let sent = 0;
  other.page.on('request', request => (sent += request.method() === 'POST' && request.url().endsWith('/Feedback.json')));
  await other.page.clock.install();
  await mouseClick(other.page, other.form.drawnStar(5));
  await soon(other.page).waitFor();
  await other.page.evaluate(() => document.querySelector('ringback-rating').remove());
  await waitFor('the rating', async () => (await server.account.rating(other.sid))?.score === 5);
  await other.page.clock.fastForward(10_000);
  assert.equal(sent, 1);
  assertQuiet(other.page);
});

test('with require-issue a low score is not sent without a reason', async t => {
  const { page, form, sid } = await openElsewhere(t, browser, server, { attributes: 'require-issue="2"' });
  const problem = page.getByText('Please choose at least one');
  await mouseClick(page, form.drawnStar(2));
  await form.send.click();
  await problem.waitFor();
  const first = form.issue('Noise, echo or gaps');
  await waitFor('the focus to be at the first box', () => first.evaluate(box => box.matches(':focus')));
  assert.equal(await server.account.rating(sid), undefined);
  await page.keyboard.press('Space');
  await problem.waitFor({ state: 'detached' });
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: ['imperfect-audio'] });
  // Above it none is needed.
  await page.getByRole('button', { name: 'Change rating' }).click();
  await mouseClick(page, form.drawnStar(3));
  await first.uncheck();
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 3, issues: [] });
  assertQuiet(page);
});

test('with opt-out a person can say no for ever, and else only for now', async t => {
  const never = page => page.getByRole('button', { name: 'Don’t ask again' });
  const later = page => page.getByRole('button', { name: 'Not now' });
  for (const [attributes, button, forever] of [['opt-out dismissible', never, true], ['opt-out dismissible', later, undefined]]) {
    const { page, form, sid, events } = await openElsewhere(t, browser, server, { attributes });
    await mouseClick(page, form.drawnStar(1));
    await button(page).click();
    await form.stars.first().waitFor({ state: 'hidden' });
    const [name, detail] = (await events()).at(-1);
    assert.deepEqual([name, detail.call, detail.forever], ['dismissed', sid, forever]);
    assert.equal(await server.account.rating(sid), undefined);
    assertQuiet(page);
  }
  const { page } = await openElsewhere(t, browser, server, {});
  assert.deepEqual([await never(page).isVisible(), await later(page).isVisible()], [false, false]);
});
