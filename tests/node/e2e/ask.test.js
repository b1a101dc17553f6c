// Whether to ask is decided before any of the form's code is fetched.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { callSid } from '../lib/api.js';
import { launch, newPage } from '../lib/browser.js';
import { openHost, told } from '../lib/host.js';
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

/** A page where what is asked about is asked with the painted form, and which notes what is fetched. */
async function host({ prepare = () => {} } = {}) {
  const page = await newPage(await browser.newContext());
  page.fetched = [];
  await page.route(/ringback-\w+\.(js|wasm)$/, (route, request) => {
    page.fetched.push(request.url());
    return route.abort();
  });
  await page.addInitScript(prepare);
  await openHost(page, server, '');
  await page.evaluate(() => customElements.whenDefined('ringback-rating'));
  return page;
}

/** Whether an element with these properties asks, and if not, why. */
const ask = (page, call, properties = {}, party) =>
  page.evaluate(
    async ({ call, properties, party }) => {
      const claims = btoa(JSON.stringify({ sub: 'AC1', call, party }));
      const element = document.createElement('ringback-rating');
      Object.assign(element, properties, { token: `e30.${claims.replace(/=/g, '')}.x` });
      const answer = new Promise(resolve => {
        element.addEventListener('ringback-skipped', ({ detail }) => resolve(detail.reason));
        new MutationObserver(() => resolve('asked')).observe(element.shadowRoot, { childList: true });
      });
      document.body.append(element);
      const told = await answer;
      element.remove();
      return told;
    },
    { call, properties, party },
  );

test('a share of the calls, and of each call always the same', async () => {
  let page = await host();
  assert.equal(await ask(page, 'a', { sample: 0 }), 'sample');
  assert.equal(await ask(page, 'a', { sample: 1 }), 'asked');
  const toss = async () => {
    const asked = [];
    for (let call = 0; call < 100; call++) asked.push(await ask(page, `call-${call}`, { sample: 0.3 }));
    return asked;
  };
  const first = await toss();
  const share = first.filter(answer => answer === 'asked').length;
  assert.ok(share > 15 && share < 45, `${share} of 100`);
  assert.ok(first.every(answer => answer === 'asked' || answer === 'sample'));
  page = await host();
  assert.deepEqual(await toss(), first);
  // The other side of a call is another toss.
  const sides = await Promise.all(first.map((_, call) => ask(page, `call-${call}`, { sample: 0.3 }, 'bob')));
  assert.notDeepEqual(sides, first);
});

test('what is not asked about costs nothing', async () => {
  const page = await host();
  await page.evaluate(() => {
    document.body.innerHTML = '<ringback-rating sample="0" token="e30.eyJzdWIiOiJBQzEiLCJjYWxsIjoiYSJ9.x"></ringback-rating>';
  });
  await waitFor('the event', async () => (await told(page)).length);
  assert.deepEqual(await told(page), [['skipped', { reason: 'sample' }]]);
  assert.deepEqual(page.fetched, []);
  assert.equal(await page.evaluate(() => document.querySelector('ringback-rating').shadowRoot.innerHTML), '');
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
});

test('a failed, very short or very long call is asked about always', async () => {
  const page = await host();
  const rules = { sample: 0, alwaysFailed: true, alwaysBelow: 10, alwaysAbove: 3600 };
  for (const [call, expected] of [
    [{}, 'sample'],
    [{ failed: true }, 'asked'],
    [{ duration: 9.5 }, 'asked'],
    [{ duration: 0 }, 'asked'],
    [{ duration: 10 }, 'sample'],
    [{ duration: 3600 }, 'sample'],
    [{ duration: 3601 }, 'asked'],
  ]) {
    assert.equal(await ask(page, 'a', { ...rules, ...call }), expected, JSON.stringify(call));
  }
  assert.equal(await ask(page, 'a', { sample: 0, failed: true, duration: 1 }), 'sample');
});

test('a person who was asked is left alone for a while', async () => {
  const page = await host();
  await page.clock.install();
  const rules = { coolDown: 3600, alwaysFailed: true };
  assert.equal(await ask(page, 'a', rules), 'asked');
  assert.equal(await ask(page, 'b', rules), 'cool-down');
  // The same call again, after a reload for example, and one that failed.
  assert.equal(await ask(page, 'a', rules), 'asked');
  await page.clock.setFixedTime(Date.now() + 3_500_000);
  assert.equal(await ask(page, 'b', rules), 'cool-down');
  await page.clock.setFixedTime(Date.now() + 7_300_000);
  assert.equal(await ask(page, 'b', rules), 'asked');
  assert.equal(await ask(page, 'c', { ...rules, failed: true }), 'asked');
  assert.equal(await ask(page, 'd', rules), 'cool-down');
});

test('who does not want to be asked again is not, until that is taken back', async () => {
  const page = await host();
  await page.evaluate(token => {
    const element = document.createElement('ringback-rating');
    Object.assign(element, { optOut: true, token });
    document.body.append(element);
  }, `e30.${btoa('{"sub":"AC1","call":"a"}')}.x`);
  await page.getByRole('button', { name: 'Don’t ask again' }).click();
  const always = { alwaysFailed: true, failed: true };
  assert.equal(await ask(page, 'a', always), 'opt-out');
  await page.reload();
  assert.equal(await ask(page, 'a', always), 'opt-out');
  await page.evaluate(() => customElements.get('ringback-rating').askAgain());
  assert.equal(await ask(page, 'a', always), 'asked');
});

test('the form has a button for that, with its code and without', async () => {
  const call = callSid(0xa5ca9a13);
  await server.account.report([{ sid: call, started_at: '2026-03-02T09:30:00Z' }]);
  const token = await server.account.ratingToken({ call });
  for (const code of [true, false]) {
    const page = await newPage(await browser.newContext());
    if (!code) await page.route('**/*.wasm', route => route.abort());
    await openHost(page, server, `<ringback-rating opt-out token="${token}"></ringback-rating>`);
    await waitFor('the form', async () => (await told(page, code ? 'asked' : 'error')).length);
    await page.getByRole('button', { name: 'Don’t ask again' }).click();
    const leg = { account: server.account.sid, call };
    assert.deepEqual(await told(page, 'dismissed'), [{ ...leg, forever: true }]);
    await page.getByRole('radio').first().waitFor({ state: 'hidden' });
    assert.equal(await ask(page, 'another'), 'opt-out');
  }
});

test('open() tells of the call, and the next call is another', async () => {
  const page = await host();
  await page.evaluate(() => {
    const element = document.createElement('ringback-rating');
    for (const [name, value] of Object.entries({ mode: 'dialog', sample: 0, 'always-failed': '' })) element.setAttribute(name, value);
    document.body.append((globalThis.element = element));
  });
  const open = call => page.evaluate(call => element.open(call), call);
  const token = call => `e30.${btoa(JSON.stringify({ sub: 'AC1', call })).replace(/=/g, '')}.x`;
  await open({ token: token('a'), failed: true, duration: 12 });
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(await page.evaluate(() => [element.failed, element.duration]), [true, 12]);
  await page.evaluate(() => element.close());
  await open({ token: token('b') });
  await open({ token: token('b') });
  assert.deepEqual(await told(page, 'skipped'), [{ reason: 'sample' }, { reason: 'sample' }]);
  assert.deepEqual(await page.evaluate(() => [element.failed, element.duration]), [false, undefined]);
});

test('a browser that remembers nothing asks', async () => {
  const page = await host({
    prepare: () =>
      Object.defineProperty(globalThis, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      }),
  });
  for (const call of ['a', 'b']) assert.equal(await ask(page, call, { coolDown: 3600 }), 'asked');
  await page.evaluate(() => customElements.get('ringback-rating').askAgain());
});
