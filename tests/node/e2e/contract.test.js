// What docs/embed.md promises to the developer of a softphone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { callSid } from '../lib/api.js';
import { accessibilityTree, assertAccessible, launch, newPage } from '../lib/browser.js';
import { widget } from '../lib/pages.js';
import { Server } from '../lib/server.js';
import { waitFor } from '../lib/wait.js';

let server, browser;
let calls = 0xc0417ac7;

before(async () => {
  server = await Server.start({ demo: true });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A page with a button and the element, which notes what it is told; and a call with its token. */
async function softphone(attributes) {
  const call = callSid(calls++);
  await server.account.report([{ sid: call, started_at: '2026-03-02T09:30:00Z' }]);
  const token = await server.account.ratingToken({ call });
  const page = await newPage(await browser.newContext());
  await page.goto(`${server.endpoint}/demo/`);
  await page.evaluate(attributes => {
    document.body.innerHTML = '<button id="rate">Rate</button>';
    globalThis.told = [];
    const names = ['ready', 'asked', 'change', 'submitted', 'queued', 'dismissed', 'skipped', 'token-needed', 'error'];
    for (const name of names) document.addEventListener(`ringback-${name}`, ({ detail }) => told.push([name, detail]));
    globalThis.element = document.createElement('ringback-rating');
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
  }, attributes);
  const leg = { account: server.account.sid, call };
  return { page, call, token, leg, form: widget(page), told: () => page.evaluate(() => told) };
}

test('a dialog has a name, takes the focus, says no with Escape and gives the focus back', async () => {
  const { page, call, token, leg, form, told } = await softphone({ mode: 'dialog' });
  await page.evaluate(token => {
    document.querySelector('#rate').onclick = () => element.open({ token });
  }, token);
  const rate = page.getByRole('button', { name: 'Rate' });
  await rate.click();
  await form.star(1).and(page.locator(':focus')).waitFor();
  assert.deepEqual((await accessibilityTree(page, 'dialog')).map(({ name, modal }) => ({ name, modal })), [
    { name: 'How was your call?', modal: true },
  ]);
  await assertAccessible(page);

  await page.keyboard.press('Space');
  const dismissed = page.waitForResponse(response => response.url().endsWith('/dismissed'));
  await page.keyboard.press('Escape');
  assert.equal((await dismissed).status(), 204);
  await rate.and(page.locator(':focus')).waitFor();
  assert.deepEqual(await told(), [
    ['ready', {}],
    ['asked', leg],
    ['change', { score: 1, issues: [] }],
    ['dismissed', leg],
  ]);

  // A no is not for ever. What was chosen before it does not count, and is not there any more.
  await rate.click();
  await form.star(1).and(page.locator(':focus')).waitFor();
  assert.equal(await form.star(1).isChecked(), false);
  assert.equal(await server.account.rating(call), undefined);
  await form.star(5).check();
  await page.getByRole('button', { name: 'Send' }).click();
  await form.thanks.waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await rate.and(page.locator(':focus')).waitFor();
  assert.deepEqual(await server.account.rating(call), { score: 5, issues: [] });
  const names = (await told()).map(([name]) => name);
  assert.deepEqual(names.filter(name => name === 'dismissed').length, 1);
  assert.equal(names.at(-1), 'submitted');
});

test('a host may take the form away in whatever it is told', async () => {
  for (const close of ['Escape', 'Not now', 'a star']) {
    const { page, token, form, told } = await softphone({ mode: 'dialog' });
    await page.evaluate(token => {
      for (const name of ['asked', 'change', 'dismissed']) element.addEventListener(`ringback-${name}`, () => globalThis.last?.(name));
      element.open({ token });
    }, token);
    await waitFor('the form', async () => (await told()).some(([name]) => name === 'asked'));
    await page.evaluate(() => {
      globalThis.last = name => name !== 'asked' && element.close();
    });
    if (close === 'Escape') await page.keyboard.press('Escape');
    else if (close === 'Not now') await page.getByRole('button', { name: close }).click();
    else await form.star(3).click();
    await form.star(1).waitFor({ state: 'detached' });
    assert.deepEqual((await told()).filter(([name]) => name === 'error'), []);
    assert.deepEqual(page.complaints, []);
  }
});

test('a form in place is closed, opened, reset and dismissed', async () => {
  const { page, call, token, form, told } = await softphone({ dismissible: '' });
  await page.evaluate(token => (element.token = token), token);
  await form.star(2).check();
  await page.evaluate(() => element.reset());
  await waitFor('a fresh form', async () => !(await form.star(2).isChecked()));

  await form.star(3).check();
  await page.evaluate(() => element.close());
  await form.star(3).waitFor({ state: 'detached' });
  await waitFor('what was chosen', async () => (await server.account.rating(call))?.score === 3);

  await page.evaluate(() => element.open());
  await form.star(1).check();
  await page.getByRole('button', { name: 'Not now' }).click();
  await form.star(1).waitFor({ state: 'hidden' });
  await page.evaluate(() => element.remove());
  assert.equal((await told()).at(-1)[0], 'dismissed');
  assert.deepEqual(await server.account.rating(call), { score: 3, issues: [] });
});

test('properties and attributes are the same, also those set before the element was there', async () => {
  const { page, token } = await softphone({});
  const seen = await page.evaluate(token => {
    element.token = token;
    element.dismissible = true;
    element.partial = 'off';
    const attributes = ['token', 'dismissible', 'partial'].map(name => element.getAttribute(name));
    element.dismissible = false;
    element.partial = null;
    return { attributes, after: [element.dismissible, element.partial, element.mode, element.hasAttribute('partial')] };
  }, token);
  assert.deepEqual(seen, { attributes: [token, '', 'off'], after: [false, null, null, false] });
  await page.evaluate(() => {
    const raw = document.implementation.createHTMLDocument().createElement('ringback-rating');
    raw.endpoint = 'https://elsewhere.example';
    document.body.append(raw);
  });
  await page.locator('ringback-rating[endpoint="https://elsewhere.example"]').waitFor({ state: 'attached' });
});

test('the manifest and the types say what there is', async () => {
  const { page } = await softphone({});
  const manifest = await (await fetch(`${server.endpoint}/embed/custom-elements.json`)).json();
  const types = await (await fetch(`${server.endpoint}/embed/ringback.d.ts`)).text();
  const [declared] = manifest.modules[0].declarations;
  const names = list => list.map(({ name }) => name).toSorted();
  const own = await page.evaluate(() => {
    const methods = Object.getOwnPropertyNames(element).filter(name => typeof element[name] === 'function');
    return { attributes: element.constructor.observedAttributes, methods };
  });
  assert.deepEqual(names(declared.attributes), own.attributes.toSorted());
  assert.deepEqual(
    names(declared.members.filter(member => member.kind === 'method' && !member.static)),
    own.methods.toSorted(),
  );
  for (const name of [...names(declared.attributes), ...names(declared.events)]) assert.ok(types.includes(name), name);

  const read = path => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
  const style = await read('style/widget.css');
  const used = new Set(style.match(/--ringback-[a-z-]+/g));
  assert.deepEqual(names(declared.cssProperties), [...used].toSorted());
  const code = (await read('src/view.rs')) + (await read('src/loader/control.js'));
  const parts = new Set([...code.matchAll(/part(?:="?|", ")([a-z]+)/g)].map(([, part]) => part));
  assert.deepEqual(names(declared.cssParts), [...parts].toSorted());
  const docs = await read('docs/embed.md');
  for (const { name } of [...declared.attributes, ...declared.events, ...declared.cssProperties, ...declared.cssParts]) {
    assert.ok(docs.includes(`\`${name}\``), `docs/embed.md does not tell of ${name}`);
  }
});
