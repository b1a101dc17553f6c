// The page of feedback summaries over a real server with known calls: every number on it is recounted here.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';

import { Account } from '../lib/api.js';
import { assertAccessible, assertQuiet, launch, newPage, tabTo } from '../lib/browser.js';
import { count, history, load, NOW } from '../lib/history.js';
import { signIn } from '../lib/pages.js';
import { Receiver } from '../lib/receiver.js';
import { newFolder, ringback, ringbackJson, Server } from '../lib/server.js';
import { strace } from '../lib/strace.js';
import { waitFor } from '../lib/wait.js';

const HOSTILE = `<img src=x onerror="globalThis.hacked=1">'"`;
const calls = history();
const now = count(calls, NOW);

let folder, server, account, browser, signedIn, page;

before(async () => {
  folder = await newFolder();
  server = await Server.start({ folder, privateCallbacks: true });
  account = server.account;
  await load(account, calls);
  browser = await launch();
  const context = await browser.newContext();
  await signIn(await context.newPage(), account);
  signedIn = await context.storageState();
  await context.close();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  page = await newPage(await browser.newContext({ viewport: { width: 1280, height: 900 }, storageState: signedIn }));
});
afterEach(() => page.context().close());

const open = (query = '') => page.goto(`${server.endpoint}/summaries${query}`);
const rows = () => page.locator('.summary-list tbody tr');
const cells = row => row.locator('th, td').allInnerTexts();
const dialog = () => page.getByRole('dialog');

/** What the open summary says, by term. */
async function facts() {
  const texts = await dialog().locator('.facts > div').evaluateAll(all => all.map(row => [...row.children].map(cell => cell.innerText)));
  return Object.fromEntries(texts);
}

/** Fills the form and sends it; the summary's row when it has ended. */
async function create({ from, to, url = '', method = 'POST' }) {
  const before = (await account.summaries()).map(({ sid }) => sid);
  await page.getByLabel('From').fill(from);
  await page.getByLabel('To', { exact: true }).fill(to);
  await page.getByLabel('Tell this URL').fill(url);
  await page.getByLabel('Method').selectOption(method);
  await page.getByRole('button', { name: 'Create summary' }).click();
  const made = await waitFor('the new summary', async () => (await account.summaries()).find(({ sid }) => !before.includes(sid)));
  await page.getByText('The summary was created.').waitFor();
  const row = rows().filter({ has: page.locator(`a[href$="${made.sid}"]`) });
  await row.getByText('Completed', { exact: true }).waitFor();
  return { row, sid: made.sid };
}

/** What the browser says by itself of answers that are errors. */
const assertQuietBut = text => assertQuiet({ complaints: page.complaints.filter(said => !said.includes(text)) });

test('the first summary is made as the page says, and appears on it', async () => {
  await open();
  await page.getByRole('heading', { name: 'No summaries yet' }).waitFor();
  await assertAccessible(page);
  const command = (await page.locator('.copied pre').innerText()).replaceAll('AUTH_TOKEN', account.authToken);
  await promisify(execFile)('bash', ['-c', command.replace('curl ', 'curl --fail --silent --show-error ')]);
  await rows().first().getByText('Completed', { exact: true }).waitFor();
  await assertAccessible(page);
  assertQuiet(page);
});

test('what was counted is what a recount finds, in the list and opened', async () => {
  await open();
  const { row, sid } = await create(NOW);
  const [days, status, counted, rated, average, callback] = await cells(row);
  assert.deepEqual(
    [days, status, counted, rated, average, callback],
    ['4–10 Mar 2024', 'Completed', `${now.calls}`, `${now.rated}`, now.average.toFixed(2), 'None'],
  );

  await row.getByRole('link', { name: 'Open the summary of 4–10 Mar 2024' }).click();
  await dialog().getByText(sid, { exact: true }).waitFor();
  const shown = await facts();
  const scores = now.within.flatMap(({ rating }) => rating?.score ?? []).sort();
  const middle = (scores[Math.floor((scores.length - 1) / 2)] + scores[Math.floor(scores.length / 2)]) / 2;
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - now.average) ** 2, 0) / scores.length);
  assert.equal(shown['Days (UTC)'], '4–10 Mar 2024 in UTC');
  assert.equal(shown['Calls of'], 'This account');
  assert.deepEqual(
    ['Calls', 'Ratings', 'Average', 'Median', 'Standard deviation'].map(term => shown[term]),
    [`${now.calls}`, `${now.rated}`, now.average.toFixed(2), middle.toFixed(1), deviation.toFixed(2)],
  );
  const named = {
    'Imperfect audio': 'imperfect-audio',
    'Dropped call': 'dropped-call',
    'Incorrect caller ID': 'incorrect-caller-id',
    'Post-dial delay': 'post-dial-delay',
    'Digits not captured': 'digits-not-captured',
    'Unsolicited call': 'unsolicited-call',
    'Audio latency': 'audio-latency',
    'One-way audio': 'one-way-audio',
  };
  const issues = await dialog().locator('.numbers tbody tr').evaluateAll(all => all.map(row => [...row.children].map(cell => cell.innerText)));
  const expected = Object.entries(named)
    .map(([name, issue]) => [name, now.named(issue)])
    .filter(([, times]) => times > 0)
    .map(([name, times]) => [name, `${times}`, `${((100 * times) / now.calls).toFixed(2)}%`]);
  assert.deepEqual(issues.toSorted(), expected.toSorted());
  assert.deepEqual(issues.map(row => Number(row[1])), expected.map(row => Number(row[1])).sort((a, b) => b - a));
  await assertAccessible(page);

  for (const extension of ['json', 'xml']) {
    const link = dialog().getByRole('link', { name: `Download as ${extension.toUpperCase()}` });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    assert.equal(download.suggestedFilename(), `${sid}.${extension}`);
    const text = Buffer.concat(await (await download.createReadStream()).toArray()).toString('utf8');
    assert.equal(text, await account.summaryText(`${sid}.${extension}`));
  }
  assertQuiet(page);
});

test('it is watched from queued to completed, and what a person is at stays', async () => {
  await open();
  const { row } = await create(NOW);
  await page.evaluate(() => (globalThis.sameDocument = true));
  await page.getByLabel('To', { exact: true }).fill(NOW.from);
  const delays = ['fsync', 'fdatasync'].map(call => `${call}:delay_enter=4000000`);
  // Each commit takes its time, so that each state is there long enough to be seen.
  await strace(server.pid, { calls: 'fsync,fdatasync', inject: delays }, async () => {
    await page.getByRole('button', { name: 'Create summary' }).click();
    await row.getByRole('link').focus();
    for (const status of ['Queued', 'In progress', 'Completed']) {
      await rows().filter({ hasText: /^4 Mar 2024/ }).first().getByText(status, { exact: true }).waitFor();
      const waiting = status === 'Completed' ? 'All of these are counted' : '1 summary is not counted yet';
      await page.getByText(waiting, { exact: true }).waitFor();
    }
  });
  assert.deepEqual((await cells(rows().first())).slice(0, 3), ['4 Mar 2024', 'Completed', `${now.on(NOW.from).length}`]);
  assert.ok(await page.evaluate(() => globalThis.sameDocument), 'without a reload');
  assert.ok(await row.getByRole('link').evaluate(element => element.matches(':focus')), 'the focus stays');
  assertQuiet(page);
});

test('callbacks and their tries: delivered, answered with an error, without an answer', async () => {
  const receiver = await Receiver.start();
  const failing = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
  const gone = createServer().listen(0, '127.0.0.1');
  await Promise.all([once(failing, 'listening'), once(gone, 'listening')]);
  const [failingUrl, goneUrl] = [failing, gone].map(at => `http://127.0.0.1:${at.address().port}/ended?a=<b>'`);
  gone.close();
  await open();
  try {
    const told = await create({ ...NOW, url: `${receiver.origin}/ended`, method: 'GET' });
    await told.row.getByText('Delivered, 1 try', { exact: true }).waitFor();
    assert.equal(receiver.seen[0].method, 'GET');
    await told.row.getByRole('link').click();
    let shown = await waitFor('the answer', async () => (await facts())['Last answer'] && facts());
    assert.deepEqual(
      [shown.StatusCallback, shown.Callback, shown['Last answer'], shown['Next try']],
      [`GET ${receiver.origin}/ended`, 'Delivered, 1 try', 'Status 204', undefined],
    );
    await page.keyboard.press('Escape');

    for (const [url, answer] of [[failingUrl, 'Status 503'], [goneUrl, undefined]]) {
      const { row, sid } = await create({ ...NOW, url });
      await row.getByText('On its way, 1 try', { exact: true }).waitFor();
      await row.getByRole('link').click();
      shown = await waitFor('the try', async () => (await facts())['Last answer'] && facts());
      const callback = (await account.callbacks()).find(({ summary_sid }) => summary_sid === sid);
      assert.equal(shown.StatusCallback, `POST ${callback.url}`);
      assert.equal(shown['Last answer'], answer ?? callback.last_error);
      assert.ok(shown['Next try'] && shown['Last try']);
      await assertAccessible(page);
      await dialog().getByRole('button', { name: 'Close' }).click();
    }
  } finally {
    await receiver.stop();
    failing.close();
  }
  assertQuiet(page);
});

test('it is deleted after a second press, by keyboard, and the focus goes on', async () => {
  await open();
  const { row, sid } = await create(NOW);
  const left = (await account.summaries()).length - 1;
  await row.getByRole('link').focus();
  await page.keyboard.press('Enter');
  await tabTo(page, dialog().getByRole('button', { name: 'Delete' }));
  await page.keyboard.press('Enter');
  const keep = dialog().getByRole('button', { name: 'Keep it' });
  await waitFor('the question', () => keep.evaluate(element => element.matches(':focus')));
  await assertAccessible(page);
  await page.keyboard.press('Enter');
  const again = dialog().getByRole('button', { name: 'Delete' });
  await waitFor('the button', () => again.evaluate(element => element.matches(':focus')));
  assert.equal((await account.summary(sid)).sid, sid);

  await page.keyboard.press('Enter');
  await tabTo(page, dialog().getByRole('button', { name: 'Delete' }));
  await page.keyboard.press('Enter');
  await page.getByText('The summary was deleted.').waitFor();
  await dialog().waitFor({ state: 'hidden' });
  const heading = page.getByRole('heading', { name: 'Summaries', exact: true });
  await waitFor('the heading', () => heading.evaluate(element => element.matches(':focus')));
  await waitFor('the row to go', async () => (await rows().count()) === Math.min(25, left));
  assert.ok(await heading.evaluate(element => element.matches(':focus')));
  assert.ok((await account.summaries()).every(summary => summary.sid !== sid));
  assertQuiet(page);
});

test('pages lead from one to the next, with the place of each in the address', async () => {
  await page.goto(`${server.endpoint}/?from=${NOW.from}&to=${NOW.to}&tz=Asia/Tokyo`);
  await page.locator('.call-list').waitFor();
  const pages = page.getByRole('navigation', { name: 'Pages' });
  const current = () => pages.locator('[aria-current="page"]').allInnerTexts();
  assert.deepEqual(await current(), ['Overview']);
  await pages.getByRole('link', { name: 'Summaries' }).focus();
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { name: 'Feedback summaries' });
  await heading.waitFor();
  assert.equal(page.url(), `${server.endpoint}/summaries?tz=Asia%2FTokyo`);
  assert.deepEqual(await current(), ['Summaries']);
  assert.equal(await page.title(), 'Feedback summaries · Ringback');
  assert.ok(await heading.evaluate(element => element.matches(':focus')));
  await page.getByText('Times in Asia/Tokyo').waitFor();

  await page.goBack();
  await page.getByRole('heading', { name: 'Call quality' }).waitFor();
  assert.ok(page.url().includes(`from=${NOW.from}`));
  await page.goForward();
  await heading.waitFor();
  await pages.getByRole('link', { name: 'Overview' }).click();
  await page.locator('.call-list').waitFor();
  assert.ok(page.url().includes(`from=${NOW.from}&to=${NOW.to}&tz=Asia%2FTokyo`), 'as it was left');
  assertQuiet(page);
});

test('a summary has its own address; back closes it, a link opens it, and one that is gone is said to be', async () => {
  await open();
  const { row, sid } = await create(NOW);
  await row.getByRole('link').click();
  await dialog().getByText(sid, { exact: true }).waitFor();
  const link = page.url();
  await page.goBack();
  await dialog().waitFor({ state: 'hidden' });
  await page.goForward();
  await dialog().getByText(sid, { exact: true }).waitFor();
  await page.goto(link);
  await dialog().getByText(sid, { exact: true }).waitFor();
  await open('?summary=FS00000000000000000000000000000000');
  await dialog().getByText('This summary is not known, or not any more.').waitFor();
  await assertAccessible(page);
  assertQuietBut('status of 404');
});

test('more than a page of them', async () => {
  for (let i = (await account.summaries()).length; i < 27; i++) await account.summarise(NOW.from, NOW.from);
  await open();
  await waitFor('the first page', async () => (await rows().count()) === 25);
  await page.getByRole('button', { name: 'Next page' }).click();
  const all = await account.summaries();
  await waitFor('the second page', async () => (await rows().count()) === all.length - 25);
  assert.match(page.url(), /before=\d+/);
  await page.getByRole('button', { name: 'Previous page' }).click();
  await waitFor('the first page', async () => (await rows().count()) === 25);
});

test('what cannot be made is said at the form', async () => {
  await open();
  const fill = async (from, to, url) => {
    await page.getByLabel('From').fill(from);
    await page.getByLabel('To', { exact: true }).fill(to);
    await page.getByLabel('Tell this URL').fill(url);
    await page.getByRole('button', { name: 'Create summary' }).click();
  };
  const before = (await account.summaries()).length;
  await fill('2024-03-10', '2024-03-04', '');
  await page.getByText('“From” must not be after “To”.').waitFor();
  assert.equal(await page.getByLabel('From').getAttribute('aria-invalid'), 'true');
  await assertAccessible(page);
  await fill('2024-03-04', '', '');
  await page.getByText('“To” needs a day.').waitFor();
  await fill(NOW.from, NOW.to, 'javascript:alert(1)');
  await page.getByText('must be a URL that begins with http:// or https://').waitFor();
  await assertAccessible(page);
  assert.equal((await account.summaries()).length, before);
  assertQuietBut('status of 400');
});

test('whoever may read may do all of it; who is suspended is told so; who is signed out signs in', async () => {
  const key = await ringbackJson(folder, ['key', 'create', '--account', account.sid, '--scope', 'read']);
  await signIn(page, new Account(account.endpoint, key.sid, key.secret));
  await open();
  const { row } = await create(NOW);
  await row.getByRole('link').click();
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The summary was deleted.').waitFor();

  assert.equal((await ringback(folder, ['account', 'suspend', account.sid])).code, 0);
  await page.reload();
  await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
  await assertAccessible(page);
  assert.equal((await ringback(folder, ['account', 'resume', account.sid])).code, 0);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.context().clearCookies();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in to Ringback' }).waitFor();
  const left = page.url();
  await page.getByLabel('Account SID or API key SID').fill(account.sid);
  await page.getByLabel('Auth token or API key secret').fill(account.authToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Feedback summaries' }).waitFor();
  assert.equal(page.url(), left);
  assertQuiet({ complaints: page.complaints.filter(said => !/status of 40[13]/.test(said)) });
});

test('while the answer is on its way the place is kept; without one there is a way on, and old rows are said to be old', async () => {
  await account.summarise(NOW.from, NOW.to);
  let answer;
  const answered = new Promise(resolve => (answer = resolve));
  await page.route('**/summaries?*', async route => {
    await answered;
    await route.abort();
  });
  await open();
  await page.locator('.list-skeleton').waitFor();
  await assertAccessible(page);
  answer();
  await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
  await assertAccessible(page);
  await page.unroute('**/summaries?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await rows().first().waitFor();
  await page.route('**/summaries?*', route => route.abort());
  await page.getByText('These figures are not the newest').waitFor();
  await assertAccessible(page);
  await page.unroute('**/summaries?*');
  await page.getByText('These figures are not the newest').waitFor({ state: 'detached' });
  assertQuietBut('net::ERR_FAILED');
});

test('what hostile people write is text here too', async () => {
  const { sid } = await account.summarise(NOW.from, NOW.to, { StatusCallback: `http://127.0.0.1:1/${HOSTILE}?${HOSTILE}` });
  const { url } = await waitFor('the try', async () => (await account.callbacks()).find(({ summary_sid, tries }) => summary_sid === sid && tries > 0));
  await open(`?before=${encodeURIComponent(HOSTILE)}`);
  await page.getByText('Parameter cursor must be the next of an answer').waitFor();
  await open(`?summary=${sid}`);
  await dialog().getByText(`POST ${url}`, { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
  assert.equal(await page.locator('img, dialog script').count(), 0);
  assertQuietBut('status of 400');
});

test('in German, and on a phone', async () => {
  const context = await browser.newContext({ locale: 'de', viewport: { width: 390, height: 844 }, storageState: signedIn });
  const german = await newPage(context);
  await german.goto(`${server.endpoint}/summaries`);
  await german.getByRole('heading', { name: 'Zusammenfassungen', exact: true }).waitFor();
  await german.getByText('Fertig', { exact: true }).first().waitFor();
  await assertAccessible(german);
  assert.ok(await german.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it is wider than a phone');
  assertQuiet(german);
  await context.close();
});
