// What the dashboard says when there is nothing to see yet, or nothing to be seen.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { after, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';

import { assertAccessible, assertQuiet, launch, newPage } from '../lib/browser.js';
import { signIn } from '../lib/pages.js';
import { newFolder, ringback, Server } from '../lib/server.js';
import { waitFor } from '../lib/wait.js';

let folder, server, account, browser, page;

before(async () => {
  folder = await newFolder();
  server = await Server.start({ folder });
  account = server.account;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  page = await newPage(await browser.newContext());
  await signIn(page, account);
});

/** What the browser says by itself of answers that are errors. */
const assertQuietBut = status => assertQuiet({ complaints: page.complaints.filter(text => !text.includes(`status of ${status} `)) });

test('the first rating is sent as the page says, and appears on it', async () => {
  await page.goto(`${server.endpoint}/`);
  const shown = page.locator('.copied pre');
  await waitFor('the token in the command', async () => (await shown.innerText()).includes('Bearer ey'));
  const command = await shown.innerText();
  await page.getByText('Live', { exact: true }).waitFor();
  await assertAccessible(page);
  await promisify(execFile)('bash', ['-c', command.replace('curl ', 'curl --fail --silent --show-error ')]);
  await page.getByText('My first rating', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'How calls were rated' }).waitFor();
  await assertAccessible(page);
  assertQuiet(page);
});

test('while the answer is on its way, the place is kept', async () => {
  let answer;
  const answered = new Promise(resolve => (answer = resolve));
  await page.route('**/stats?*', async route => {
    await answered;
    await route.continue();
  });
  await page.goto(`${server.endpoint}/`);
  await page.locator('.skeleton').waitFor();
  await assertAccessible(page);
  answer();
  await page.getByRole('heading', { name: 'How calls were rated' }).waitFor();
  assert.equal(await page.locator('.skeleton').count(), 0);
});

test('a session that ends leads to the sign-in, and from there back to the same place', async () => {
  await page.goto(`${server.endpoint}/`);
  await page.locator('.call-list').waitFor();
  await page.context().clearCookies();
  await page.getByRole('button', { name: '7 days' }).click();
  await page.getByText('Your session has ended.').waitFor();
  await assertAccessible(page);
  const left = page.url();
  await page.getByLabel('Account SID or API key SID').fill(account.sid);
  await page.getByLabel('Auth token or API key secret').fill(account.authToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const heading = page.getByRole('heading', { name: 'Call quality' });
  await heading.waitFor();
  assert.equal(page.url(), left);
  assert.ok(await heading.evaluate(element => element.matches(':focus')), 'who signed in reads on at the heading');
  assert.equal(await page.getByRole('button', { name: '7 days' }).getAttribute('aria-pressed'), 'true');
  assertQuietBut(401);
});

test('an account that is suspended may see nothing, and is told so', async () => {
  await page.goto(`${server.endpoint}/`);
  await page.locator('.call-list').waitFor();
  assert.equal((await ringback(folder, ['account', 'suspend', account.sid])).code, 0);
  await page.getByRole('button', { name: '7 days' }).click();
  await page.getByRole('heading', { name: 'You may not see this' }).waitFor();
  await assertAccessible(page);
  assert.equal((await ringback(folder, ['account', 'resume', account.sid])).code, 0);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.call-list').waitFor();
  assertQuietBut(403);
});

test('who tries to sign in too often is told for how long to wait', async () => {
  await page.context().clearCookies();
  await page.goto(`${server.endpoint}/`);
  await page.getByLabel('Account SID or API key SID').fill(account.sid);
  const button = page.getByRole('button', { name: 'Sign in' });
  const alert = page.getByRole('alert');
  await waitFor('the limit', async () => {
    await page.getByLabel('Auth token or API key secret').fill('wrong');
    await Promise.all([page.waitForResponse('**/v1/session'), button.click()]);
    await alert.filter({ hasText: /./ }).waitFor();
    return /^Too many tries in a short time\. Wait \d+ s, then try again\.$/.test(await alert.innerText());
  });
  await assertAccessible(page);
  assert.equal(await page.getByLabel('Account SID or API key SID').inputValue(), account.sid, 'what was typed stays');
});
