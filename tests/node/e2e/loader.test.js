// From the script tag until the form's code is there: what is seen and chosen in between.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertQuiet, launch, newPage } from '../lib/browser.js';
import { endedCall } from '../lib/elsewhere.js';
import { hold, openHost, told } from '../lib/host.js';
import { widget } from '../lib/pages.js';
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

const call = () => endedCall(server);

const ready = page => waitFor('the code', async () => (await told(page, 'ready')).length);

test('what is chosen while the code is on its way is there when it comes, and nothing moves', async () => {
  const { sid, leg, token } = await call();
  const page = await newPage(await browser.newContext());
  const code = await hold(page, '**/*.wasm');
  await openHost(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  const form = widget(page);
  await form.star(2).check();
  await page.getByText('Poor', { exact: true }).waitFor();
  await form.issue('The call cut out').check();
  await form.comment.fill('Hello?');
  // Where each star is, frame by frame, until the end.
  await page.evaluate(() => {
    globalThis.seen = new Set();
    const look = () => {
      const stars = document.querySelector('ringback-rating').shadowRoot.querySelectorAll('.rb-star');
      const boxes = [...stars].map(star => Object.values(star.getBoundingClientRect().toJSON()).map(Math.round).join());
      globalThis.seen.add(boxes.filter(box => !box.startsWith('0,0,0,0')).join(' '));
      requestAnimationFrame(look);
    };
    look();
  });
  await waitFor('a frame', () => page.evaluate(() => globalThis.seen.size));
  assert.deepEqual(await told(page), []);
  code.release();
  await ready(page);
  await waitFor('the choice', async () => (await told(page, 'change')).length);

  assert.deepEqual(
    [await form.star(2).isChecked(), await form.issue('The call cut out').isChecked(), await form.comment.inputValue()],
    [true, true, 'Hello?'],
  );
  await form.comment.and(page.locator(':focus')).waitFor();
  assert.equal(await form.stars.count(), 5);
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await page.evaluate(() => globalThis.seen.size), 1);
  assert.deepEqual((await told(page)).slice(0, 2), [['ready', {}], ['asked', leg]]);
  assert.deepEqual((await told(page, 'change')).at(-1), { score: 2, issues: ['dropped-call'] });

  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: ['dropped-call'] });
  const commented = await server.account.find({ has_comment: true });
  assert.deepEqual(commented.map(({ feedback }) => feedback.comment), ['Hello?']);
  assertQuiet(page);
});

/** A form whose code is held back, and the requests that it rates with. */
async function early(attributes = '', context) {
  const { sid, token } = await call();
  const page = await newPage(context ?? (await browser.newContext()));
  const code = await hold(page, '**/*.wasm');
  const posts = [];
  page.on('request', request => request.url().endsWith('/Feedback.json') && posts.push(request));
  await openHost(page, server, `<ringback-rating ${attributes} token="${token}"></ringback-rating>`);
  const rating = () => server.account.rating(sid);
  return { page, form: widget(page), code, posts, rating };
}

test('Send does not wait for the code, and the code does not send again', async () => {
  const { page, form, code, posts, rating } = await early();
  await form.star(5).check();
  await form.send.click();
  await page.getByRole('button', { name: 'Sending…' }).waitFor();
  assert.deepEqual(await waitFor('the rating', rating), { score: 5, issues: [] });
  assert.equal(await form.thanks.isVisible(), false);
  code.release();
  await form.thanks.waitFor();
  assert.equal(posts.length, 1);
  const rated = { score: 5, issues: [] };
  assert.deepEqual([await told(page, 'change'), await told(page, 'submitted')], [[rated], [rated]]);
  // What is chosen next is above it.
  await page.getByRole('button', { name: 'Change rating' }).click();
  await form.star(4).check();
  await form.send.click();
  await form.thanks.waitFor();
  assert.equal((await rating()).score, 4);
  assertQuiet(page);
});

test('what is chosen after such a Send counts', async () => {
  const { form, code, posts, rating } = await early();
  await form.star(5).check();
  await form.send.click();
  await waitFor('the rating', rating);
  await form.star(2).check();
  code.release();
  await form.thanks.waitFor();
  assert.deepEqual([posts.length, await rating()], [2, { score: 2, issues: [] }]);
});

test('such a Send that fails is made again by the code', async () => {
  for (const fault of [route => route.abort(), route => route.fulfill({ status: 503 })]) {
    const { page, form, code, posts, rating } = await early();
    await page.route('**/Feedback.json', fault, { times: 1 });
    await form.star(3).check();
    await form.send.click();
    await waitFor('the first', () => posts.length);
    assert.equal(await rating(), undefined);
    code.release();
    await form.thanks.waitFor();
    assert.deepEqual([posts.length, await rating()], [2, { score: 3, issues: [] }]);
    assert.deepEqual(await told(page, 'error'), []);
  }
});

test('such a Send waits for the code where something is missing', async () => {
  const { page, form, code, posts, rating } = await early('require-issue="2"');
  await form.star(2).check();
  await form.send.click();
  code.release();
  await page.getByText('Please choose at least one').waitFor();
  assert.equal(posts.length, 0);
  await form.issue('The call cut out').check();
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await rating(), { score: 2, issues: ['dropped-call'] });
});

test('such a Send is newer than what an earlier page has left in the queue', async () => {
  const context = await browser.newContext();
  const { sid, token } = await call();
  const body = `<ringback-rating token="${token}"></ringback-rating>`;
  const before = await newPage(context);
  await openHost(before, server, body);
  await waitFor('the form', async () => (await told(before, 'asked')).length);
  await context.setOffline(true);
  await widget(before).star(1).check();
  await widget(before).send.click();
  await waitFor('the queue', async () => (await told(before, 'queued')).length);
  await before.close();
  await context.setOffline(false);

  const page = await newPage(context);
  const code = await hold(page, '**/*.wasm');
  await openHost(page, server, body);
  const answered = page.waitForResponse('**/Feedback.json');
  await widget(page).star(4).check();
  await widget(page).send.click();
  await answered;
  code.release();
  await widget(page).thanks.waitFor();
  // Nothing is on its way any more.
  await waitFor('the queue to be empty', () => page.evaluate(() => !localStorage['ringback-waiting']));
  assert.equal((await server.account.rating(sid)).score, 4);
});

test('who leaves before the code is there is heard all the same, but not after a no', async () => {
  for (const [attributes, no, expected] of [['', false, { score: 3, issues: [] }], ['partial="off"', false], ['dismissible', true]]) {
    const { sid, token } = await call();
    const page = await newPage(await browser.newContext());
    await page.route('**/*.wasm', () => {});
    // Counts across the navigation.
    await page.addInitScript(() => {
      const { fetch } = globalThis;
      globalThis.fetch = (url, init) => {
        if (init?.method === 'POST') sessionStorage.posted = `${sessionStorage.posted ?? ''}.`;
        return fetch(url, init);
      };
    });
    await openHost(page, server, `<ringback-rating ${attributes} token="${token}"></ringback-rating>`);
    await widget(page).star(3).check();
    assert.equal(await page.getByText('If you leave this page').isVisible(), attributes !== 'partial="off"');
    if (no) {
      await page.getByRole('button', { name: 'Not now' }).click();
      assert.deepEqual(await told(page), [['dismissed', { account: server.account.sid, call: sid }]]);
      assert.equal(await widget(page).star(3).isVisible(), false);
    }
    await page.goto(`${server.endpoint}/healthz`);
    if (expected) await waitFor('the rating', () => server.account.rating(sid));
    assert.equal(await page.evaluate(() => sessionStorage.posted), expected && '.');
    assert.deepEqual(await server.account.rating(sid), expected);
  }
});

test('the next call’s token comes while the last one’s form is there: what was chosen counts for the last one', async () => {
  const [last, next] = [await call(), await call()];
  const page = await newPage(await browser.newContext());
  await page.route('**/*.wasm', () => {});
  await openHost(page, server, `<ringback-rating token="${last.token}"></ringback-rating>`);
  await widget(page).star(1).check();
  await page.evaluate(token => (document.querySelector('ringback-rating').token = token), next.token);
  await waitFor('the rating', () => server.account.rating(last.sid));
  assert.equal(await widget(page).star(1).isChecked(), false);
  assert.equal(await widget(page).stars.count(), 5);
  assert.equal(await server.account.rating(next.sid), undefined);
  assertQuiet(page);
});

test('nothing is fetched until there is a call to ask about, and then both files at once', async () => {
  const { token } = await call();
  const page = await newPage(await browser.newContext());
  const requests = [];
  page.on('request', request => requests.push(new URL(request.url()).pathname));
  const glue = await hold(page, /ringback-\w+\.js$/);
  const wasm = await hold(page, '**/*.wasm');
  await openHost(page, server, '<ringback-rating></ringback-rating>');
  await page.evaluate(() => customElements.whenDefined('ringback-rating'));
  assert.deepEqual(requests.filter(path => path.startsWith('/embed/')), ['/embed/ringback.js']);
  await page.evaluate(token => (document.querySelector('ringback-rating').token = token), token);
  await waitFor('both', () => glue.asked() > 0 && wasm.asked() > 0);
  await widget(page).star(1).waitFor();
  glue.release();
  wasm.release();
  await ready(page);
  assertQuiet(page);
});

test('when the code cannot be fetched, the next form tries again', async () => {
  const [first, second] = [await call(), await call()];
  for (const files of [/ringback-\w+\.js$/, '**/*.wasm']) {
    const page = await newPage(await browser.newContext());
    await page.route(files, (route, request) => route.fulfill({ status: 503, body: request.url() }), { times: 1 });
    await openHost(page, server, `<ringback-rating token="${first.token}"></ringback-rating>`);
    await waitFor('the error', async () => (await told(page, 'error')).length);
    await page.evaluate(token => (document.querySelector('ringback-rating').token = token), second.token);
    await ready(page);
    await widget(page).star(4).check();
    await widget(page).send.click();
    await widget(page).thanks.waitFor();
    assert.equal((await server.account.rating(second.sid)).score, 4);
  }
});

const QUESTIONS = { en: 'How was your call?', de: 'Wie war', fr: 'Comment' };
const question = page => page.getByRole('group').first();

test('the language is the element’s, the page’s or the person’s', async () => {
  const { token } = await call();
  for (const [locale, lang, body, expected] of [
    ['en-GB', 'en', `<p lang="de-AT"><ringback-rating token="${token}"></ringback-rating></p>`, QUESTIONS.de],
    ['de-DE', 'fr', `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.fr],
    ['de-DE', 'en', `<ringback-rating token="${token}" lang="fr"></ringback-rating>`, QUESTIONS.fr],
    ['de-DE', '', `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.de],
    ['sv-SE', 'fi', `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.en],
  ]) {
    const page = await newPage(await browser.newContext({ locale }));
    await openHost(page, server, body, { lang });
    await page.getByText(expected).first().waitFor();
    await ready(page);
    assert.equal(await page.getByText(expected).count(), 1, `${locale} ${lang}`);
    assertQuiet(page);
    await page.context().close();
  }
});

test('no word is shown in another language while its own are fetched; when they cannot be, they are English', async () => {
  const { token } = await call();
  const body = `<ringback-rating token="${token}" lang="de"></ringback-rating>`;
  let page = await newPage(await browser.newContext());
  const german = await hold(page, '**/de-*.json');
  await openHost(page, server, body);
  await waitFor('the request', () => german.asked());
  assert.equal(await page.evaluate(() => document.querySelector('ringback-rating').shadowRoot.textContent), '');
  german.release();
  await page.getByText(QUESTIONS.de).waitFor();
  await ready(page);
  assertQuiet(page);

  page = await newPage(await browser.newContext());
  await page.route('**/de-*.json', route => route.abort());
  await openHost(page, server, body);
  await page.getByText(QUESTIONS.en).waitFor();
  await ready(page);
});

test('a host can say it in its own words', async () => {
  const { token } = await call();
  const page = await newPage(await browser.newContext());
  await openHost(page, server, '<ringback-rating lang="de"></ringback-rating>');
  await page.evaluate(token => {
    const element = document.querySelector('ringback-rating');
    element.texts = { question: 'Kaffee & <Kuchen>?' };
    element.token = token;
  }, token);
  await page.getByText('Kaffee & <Kuchen>?').waitFor();
  await ready(page);
  assert.equal(await page.getByText('Kaffee & <Kuchen>?').count(), 1);
  assertQuiet(page);
});

test('a bad attribute shuts off its element, and says which; put right, it comes to life', async () => {
  const { token } = await call();
  const page = await newPage(await browser.newContext());
  await openHost(page, server, `<ringback-rating lang="xx"></ringback-rating>`);
  const bad = {
    mode: 'popup', partial: 'no', endpoint: 'ftp://ringback.example', sample: '7', 'cool-down': 'a day', duration: '-1',
    'always-below': '1e', 'always-above': 'x', 'require-issue': '5',
  };
  for (const [name, value] of Object.entries(bad)) {
    const seen = await page.evaluate(
      async ({ name, value, token }) => {
        told.length = 0;
        const element = document.querySelector('ringback-rating');
        element.setAttribute(name, value);
        element.token = token;
        await new Promise(resolve => setTimeout(resolve));
        return { told, shown: element.shadowRoot.innerHTML };
      },
      { name, value, token },
    );
    const [[event, { code, message }], ...more] = seen.told;
    assert.deepEqual([event, code, more, seen.shown], ['error', 'bad-attribute', [], '']);
    assert.ok(message.includes(`${name}="${value}"`) && /does not match ./.test(message), message);
    await page.evaluate(name => document.querySelector('ringback-rating').removeAttribute(name), name);
    await widget(page).star(1).waitFor();
    await page.evaluate(() => (document.querySelector('ringback-rating').token = null));
    await widget(page).star(1).waitFor({ state: 'detached' });
  }
});
