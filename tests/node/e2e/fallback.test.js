// Where WebAssembly cannot run, or fails: the form that the loader painted is all there is, and works.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, newPage } from '../lib/browser.js';
import { endedCall } from '../lib/elsewhere.js';
import { openHost, told } from '../lib/host.js';
import { widget } from '../lib/pages.js';
import { Server } from '../lib/server.js';
import { waitFor } from '../lib/wait.js';
import { withTraps } from '../lib/wasm.js';

let server, browser;

before(async () => {
  server = await Server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const call = () => endedCall(server);

const failed = page => waitFor('the error', async () => (await told(page, 'error')).at(-1));

/** Rates with what there is, and looks at what is sent. */
async function rate(page, sid) {
  const form = widget(page);
  const sent = [];
  page.on('request', request => request.method() !== 'GET' && sent.push(request));
  // Without a star the browser says that one is missing.
  await form.send.click();
  assert.equal(await form.star(1).evaluate(star => star.validity.valueMissing && star.getRootNode().activeElement === star), true);
  assert.deepEqual(sent, []);

  await form.star(5).check();
  assert.equal(await form.issue('The call cut out').isVisible(), false);
  await form.star(2).check();
  await form.issue('The call cut out').check();
  await form.comment.fill('Hello?');
  await form.send.click();
  await form.thanks.waitFor();
  assert.equal(sent.length, 1);
  assert.equal(sent[0].method(), 'POST');
  const headers = await sent[0].allHeaders();
  assert.match(headers['content-type'], /^application\/x-www-form-urlencoded/);
  // Nothing for which another origin would have to be asked first.
  assert.equal(headers.authorization, undefined);
  assert.equal(headers.cookie, undefined);
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: ['dropped-call'] });
  assert.equal(new URL(page.url()).pathname, '/softphone');
  assert.deepEqual((await told(page, 'change')).at(-1), { score: 2, issues: ['dropped-call'] });
  assert.deepEqual(await told(page, 'submitted'), [{ score: 2, issues: ['dropped-call'] }]);
}

test('under a policy that forbids WebAssembly', async () => {
  const { sid, token } = await call();
  const page = await newPage(await browser.newContext());
  const policy = "default-src 'self'; script-src 'self'; style-src 'self'";
  await openHost(page, server, `<ringback-rating token="${token}"></ringback-rating>`, { policy });
  assert.equal((await failed(page)).code, 'no-wasm');
  await rate(page, sid);
});

test('in a browser that has none', async () => {
  const { sid, token } = await call();
  const page = await newPage(await browser.newContext());
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await openHost(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  assert.equal((await failed(page)).code, 'no-wasm');
  await rate(page, sid);
});

test('when the code cannot be fetched; and when the rating cannot be sent at first', async () => {
  const { sid, token } = await call();
  const page = await newPage(await browser.newContext());
  await page.route('**/*.wasm', route => route.abort());
  await openHost(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  assert.equal((await failed(page)).code, 'load');
  const form = widget(page);
  const again = page.getByRole('button', { name: 'Try again' });
  await form.star(4).check();
  for (const [fault, code, status, problem] of [
    [route => route.abort(), 'network', undefined, 'check your connection'],
    [route => route.fulfill({ status: 503 }), 'refused', 503, 'server is busy'],
    [route => route.fulfill({ status: 400 }), 'refused', 400, 'not accepted'],
  ]) {
    await page.route('**/Feedback.json', fault, { times: 1 });
    await page.evaluate(() => (told.length = 0));
    await form.send.or(again).click();
    const error = await failed(page);
    assert.deepEqual([error.code, error.status], [code, status]);
    await page.getByRole('alert').getByText(problem).waitFor();
    assert.equal(await form.thanks.isVisible(), false);
  }
  await again.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 4, issues: [] });
});

test('an issue that the host wants is wanted without code, too', async () => {
  const { sid, token } = await call();
  const page = await newPage(await browser.newContext());
  await page.route('**/*.wasm', route => route.abort());
  await openHost(page, server, `<ringback-rating require-issue="2" token="${token}"></ringback-rating>`);
  await failed(page);
  const form = widget(page);
  await form.star(2).check();
  await form.send.click();
  await page.getByText('Please choose at least one').waitFor();
  assert.equal(await server.account.rating(sid), undefined);
  await form.issue('The call cut out').check();
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: ['dropped-call'] });
});

test('a Send that was pressed while the code was on its way is sent without it', async () => {
  const { sid, token } = await call();
  const page = await newPage(await browser.newContext());
  let fail;
  const failing = new Promise(resolve => (fail = resolve));
  await page.route('**/*.wasm', async route => {
    await failing;
    await route.abort();
  });
  await openHost(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  await widget(page).star(1).check();
  await widget(page).send.click();
  fail();
  await widget(page).thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 1, issues: [] });
});

test('a dialog without code is closed with Escape, and that is a no', async () => {
  const { leg, token } = await call();
  const page = await newPage(await browser.newContext());
  await page.route('**/*.wasm', route => route.abort());
  await openHost(page, server, '<button>Rate</button><ringback-rating mode="dialog"></ringback-rating>');
  await page.evaluate(token => {
    document.querySelector('button').onclick = () => document.querySelector('ringback-rating').open({ token });
  }, token);
  await page.getByRole('button', { name: 'Rate' }).click();
  assert.equal((await failed(page)).code, 'load');
  await page.getByRole('dialog', { name: 'How was your call?' }).waitFor();
  await widget(page).star(1).and(page.locator(':focus')).waitFor();
  await widget(page).star(3).check();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Rate' }).and(page.locator(':focus')).waitFor();
  assert.deepEqual((await told(page)).at(-1), ['dismissed', leg]);
  assert.equal(await server.account.rating(leg.call), undefined);
  assert.equal(await page.getByRole('dialog').count(), 0);
});

/** The widget's code, with traps in what its JavaScript calls as `name` where it matches; the names in both are short ones. */
async function trap(page, pattern) {
  const text = async file => (await fetch(`${server.endpoint}/embed/${file}`)).text();
  const glue = await text((await text('ringback.js')).match(/ringback-\w+\.js/)[0]);
  const names = new Set([...glue.matchAll(pattern)].map(({ groups }) => groups.name));
  await page.route('**/*.wasm', async route => {
    const response = await route.fetch();
    await route.fulfill({ response, body: withTraps(await response.body(), name => names.has(name)) });
  });
}

test('a trap takes down the elements of this module, and nothing else', async () => {
  const [first, second] = [await call(), await call()];
  const page = await newPage(await browser.newContext());
  await trap(page, /\breset\(\)\{\w+\.(?<name>\w+)\(/g);
  await openHost(
    page,
    server,
    `<ringback-rating id="a" token="${first.token}"></ringback-rating>
     <ringback-rating id="b" token="${second.token}"></ringback-rating>`,
  );
  await waitFor('both', async () => (await told(page, 'asked')).length === 2);
  const [a, b] = ['#a', '#b'].map(id => widget(page.locator(id)));
  await b.star(2).check();
  await b.issue('The call cut out').check();
  await b.comment.fill('Hello?');
  // The host's own code goes on, also that which calls.
  const goesOn = await page.evaluate(() => {
    document.querySelector('#a').reset();
    return 'on';
  });
  assert.equal(goesOn, 'on');
  const errors = await told(page, 'error');
  assert.deepEqual(errors.map(({ code }) => code), ['trap', 'trap']);
  assert.match(errors[0].message, /unreachable/);

  assert.deepEqual([await b.star(2).isChecked(), await b.comment.inputValue()], [true, 'Hello?']);
  await b.send.click();
  await b.thanks.waitFor();
  assert.deepEqual(await server.account.rating(second.sid), { score: 2, issues: ['dropped-call'] });
  await a.star(5).check();
  await a.send.click();
  await a.thanks.waitFor();
  assert.deepEqual(await server.account.rating(first.sid), { score: 5, issues: [] });

  // What the page still holds of it calls it no more, and a further element does without from the beginning.
  const third = await call();
  await page.evaluate(token => {
    dispatchEvent(new Event('online'));
    dispatchEvent(new Event('pagehide'));
    const element = document.createElement('ringback-rating');
    Object.assign(element, { id: 'c', token });
    document.body.append(element);
    document.querySelector('#b').remove();
  }, third.token);
  await widget(page.locator('#c')).star(3).check();
  await waitFor('its event', async () => (await told(page, 'error')).length === 3);
  await widget(page.locator('#c')).send.click();
  await widget(page.locator('#c')).thanks.waitFor();
  assert.equal((await server.account.rating(third.sid)).score, 3);
  assert.deepEqual(page.complaints, []);
});

test('a trap in what the browser calls is noticed too', async () => {
  const { sid, token } = await call();
  const page = await newPage(await browser.newContext());
  // Whatever an event calls.
  await trap(page, /function \w+\((?<all>\w+(,\w+)+)\)\{\w+\.(?<name>\w+)\(\k<all>\)\}/g);
  await openHost(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  await waitFor('the form', async () => (await told(page, 'asked')).length);
  await widget(page).star(2).check();
  assert.equal((await failed(page)).code, 'trap');
  assert.equal(await widget(page).star(2).isChecked(), true);
  await widget(page).send.click();
  await widget(page).thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: [] });
  assert.equal((await told(page, 'error')).length, 1);
});

test('somebody else’s error is not taken for a trap', async () => {
  const { token } = await call();
  const page = await newPage(await browser.newContext());
  await openHost(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  await waitFor('the form', async () => (await told(page, 'asked')).length);
  await page.evaluate(() => {
    // A module whose start function is `unreachable`, and a listener that throws below a call of ours.
    const other = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11];
    setTimeout(() => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(other))));
    document.addEventListener('ringback-change', () => {
      throw new Error('of the host');
    });
  });
  await waitFor('the trap', () => page.complaints.some(text => text.includes('unreachable')));
  await widget(page).star(4).check();
  await waitFor('the host’s', () => page.complaints.some(text => text.includes('of the host')));
  assert.deepEqual(await told(page, 'error'), []);
  await widget(page).send.click();
  await widget(page).thanks.waitFor();
});
