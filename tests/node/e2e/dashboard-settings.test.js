// Each setting is changed on the page, and then seen to count through the API, as a customer would notice it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';

import { assertAccessible, assertQuiet, launch, newPage, tabTo } from '../lib/browser.js';
import { signIn, widget } from '../lib/pages.js';
import { Account } from '../lib/api.js';
import { Server } from '../lib/server.js';
import { waitFor } from '../lib/wait.js';

let server, account, browser, page;

before(async () => {
  server = await Server.start();
  account = server.account;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  page = await newPage(await browser.newContext({ viewport: { width: 1280, height: 900 } }));
  await signIn(page, account);
});

const section = name => page.getByRole('region', { name, exact: true });
const save = name => section(name).getByRole('button', { name: 'Save' }).click();
const saved = (name, text = 'Saved.') => section(name).getByText(text, { exact: true }).waitFor();
const confirm = name => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

async function open(context = page) {
  await context.goto(`${server.endpoint}/settings`);
  await context.getByRole('heading', { name: 'Subaccounts' }).waitFor();
}

/** What a request to the account is answered, with these credentials or the account's own. */
async function ask(method, path, { as = [account.sid, account.authToken], headers, body, of = account.sid } = {}) {
  const credentials = Buffer.from(as.join(':')).toString('base64');
  const response = await fetch(`${server.endpoint}/v1/accounts/${of}${path}`, {
    method,
    headers: { Authorization: `Basic ${credentials}`, ...(body && { 'Content-Type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text && JSON.parse(text) };
}
const settings = async () => (await ask('GET', '')).body;

/** The sid and the secret that are shown this once. */
async function secret(name) {
  const panel = section(name).locator('.secret');
  await panel.waitFor();
  const shown = await panel.locator('pre').allInnerTexts();
  await panel.getByRole('button', { name: 'I have it' }).click();
  await panel.waitFor({ state: 'hidden' });
  return shown;
}

test('the name is changed, here and in the header', async () => {
  await open();
  const name = section('Account').getByLabel('Name');
  await name.fill('');
  await save('Account');
  await section('Account').getByRole('alert').filter({ hasText: '1 to 255 characters' }).waitFor();
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  await name.fill('Sales & <b>service</b>');
  await name.press('Enter');
  await saved('Account');
  assert.equal((await settings()).name, 'Sales & <b>service</b>');
  assert.equal(await page.locator('.account').innerText(), 'Sales & <b>service</b>');
  assertQuiet(page);
});

test('a key is made with scopes, works, and is refused once it is revoked', async () => {
  await open();
  const keys = section('API keys');
  await keys.getByRole('button', { name: 'Create the key' }).click();
  await keys.getByRole('alert').filter({ hasText: 'at least one' }).waitFor();
  await keys.getByLabel('Name (optional)').fill('Phone system');
  await keys.getByRole('checkbox', { name: 'read' }).check();
  await keys.getByRole('button', { name: 'Create the key' }).click();
  const as = await secret('API keys');
  assert.equal((await ask('GET', '/subaccounts', { as })).status, 200);
  assert.equal((await ask('POST', '/calls', { as, body: {} })).status, 403, 'it has no other scope');
  await open();
  assert.equal(await page.getByText(as[1]).count(), 0, 'the secret is shown once');

  const revoke = keys.getByRole('button', { name: 'Revoke Phone system' });
  await revoke.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Revoke Phone system?' }).waitFor();
  await page.keyboard.press('Escape');
  await waitFor('the focus to return', () => revoke.evaluate(button => button.matches(':focus')));
  assert.equal((await ask('GET', '/subaccounts', { as })).status, 200, 'nothing was done');
  await revoke.click();
  await assertAccessible(page);
  await confirm('Revoke');
  await saved('API keys', 'Phone system is revoked.');
  assert.equal((await ask('GET', '/subaccounts', { as })).status, 401);
  await revoke.waitFor({ state: 'detached' });
  assert.ok(await keys.getByRole('heading', { name: 'API keys' }).evaluate(heading => heading.matches(':focus')));
  assertQuiet(page);
});

test('a website is added and only it may rate, and without any all may', async () => {
  await open();
  const token = await account.ratingToken({ call: 'from a page' });
  const rate = async origin => {
    const path = `/2010-04-01/Accounts/${account.sid}/Calls/from%20a%20page/Feedback.json`;
    const headers = { Authorization: `Bearer ${token}`, Origin: origin };
    return (await fetch(server.endpoint + path, { method: 'POST', headers, body: new URLSearchParams({ QualityScore: 4 }) })).ok;
  };
  assert.equal(await rate('https://other.example'), true);
  const origins = section('Allowed websites');
  const field = origins.getByLabel('Website', { exact: true });
  await field.fill('phone.example');
  await field.press('Enter');
  await origins.getByRole('alert').filter({ hasText: 'https://phone.example' }).waitFor();
  assert.equal(await field.inputValue(), 'phone.example', 'what was typed stays');
  for (const typed of ['https://Phone.example/softphone?tab=1', 'http://localhost:3000']) {
    await field.fill(typed);
    await field.press('Enter');
    await waitFor('the field to be empty', async () => (await field.inputValue()) === '');
  }
  await field.fill('http://localhost:3000/');
  await field.press('Enter');
  await origins.getByRole('alert').filter({ hasText: 'http://localhost:3000 is in the list already.' }).waitFor();
  assert.deepEqual((await settings()).allowed_origins, ['https://phone.example', 'http://localhost:3000']);
  assert.deepEqual([await rate('https://other.example'), await rate('https://phone.example')], [false, true]);

  await origins.getByRole('button', { name: 'Remove http://localhost:3000' }).click();
  await saved('Allowed websites', 'http://localhost:3000 is removed.');
  await origins.getByRole('button', { name: 'Remove https://phone.example' }).click();
  await page.getByRole('dialog').getByText('every website may send ratings').waitFor();
  await confirm('Remove');
  await saved('Allowed websites', 'https://phone.example is removed.');
  assert.equal(await rate('https://other.example'), true);
  assertQuiet(page);
});

test('the server’s own reason stands beside the field', async () => {
  const allowed_origins = Array.from({ length: 100 }, (_, i) => `https://${i}.example`);
  assert.equal((await ask('PATCH', '', { body: { allowed_origins } })).status, 200);
  await open();
  const field = section('Allowed websites').getByLabel('Website', { exact: true });
  await field.fill('https://one-more.example');
  await field.press('Enter');
  await section('Allowed websites').getByRole('alert').filter({ hasText: 'at most 100 are kept, got 101' }).waitFor();
  assert.equal(await field.getAttribute('aria-describedby'), 'origin-problem');
  assert.equal(await field.inputValue(), 'https://one-more.example');
  await assertAccessible(page);
  assert.equal((await ask('PATCH', '', { body: { allowed_origins: [] } })).status, 200);
});

test('the time zone moves the overview’s hours', async () => {
  await account.report([{ call: 'tokyo', started_at: '2024-03-04T09:30:00Z' }]);
  await account.rate('tokyo', { score: 4 });
  await open();
  const zone = section('Time zone').getByLabel('Time zone');
  assert.ok((await zone.locator('option').count()) > 300, 'all that the browser knows');
  await zone.selectOption('Asia/Tokyo');
  await save('Time zone');
  await saved('Time zone');
  assert.equal((await settings()).time_zone, 'Asia/Tokyo');
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText('Days and hours in Asia/Tokyo').waitFor();
  await page.goto(`${server.endpoint}/?from=2024-03-04&to=2024-03-04`);
  await page.getByRole('button', { name: /^Monday 18:00: 1 rating/ }).waitFor();
  await ask('PATCH', '', { body: { time_zone: 'UTC' } });
  assertQuiet(page);
});

test('the share of calls that are asked about is in the snippet and in frames', async () => {
  await open();
  const share = section('Sampling').getByLabel('Share of calls, in per cent');
  await share.fill('101');
  await save('Sampling');
  await section('Sampling').getByRole('alert').filter({ hasText: '0 to 100' }).waitFor();
  await share.fill('12.5');
  await save('Sampling');
  await saved('Sampling');
  assert.equal((await settings()).sample, 0.125);
  await section('Embed the widget').getByText('<ringback-rating sample="0.125" token="').waitFor();
  assert.match(await (await fetch(`${server.endpoint}/frame/${account.sid}`)).text(), /<ringback-rating sample="0\.125">/);
  await ask('PATCH', '', { body: { sample: 1 } });
  assertQuiet(page);
});

test('the snippet works as it stands, and its call is known for a trial', async () => {
  await open();
  const embed = section('Embed the widget');
  const shown = embed.locator('pre').first();
  await waitFor('the token', async () => (await shown.innerText()).includes('token="ey'));
  await embed.getByRole('button', { name: 'Show the widget' }).click();
  await widget(page).star(4).waitFor();
  await assertAccessible(page);
  const token = (await shown.innerText()).match(/token="([^"]+)"/)[1];
  const { call, sub } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  assert.equal(sub, account.sid, 'the account is in it');
  await widget(page).star(4).check({ force: true });
  await widget(page).send.click();
  await embed.getByText('It arrived: 4 stars.').waitFor();
  assert.equal((await account.rating(call)).score, 4);
  const found = await account.find({ label: 'trial:settings' });
  assert.deepEqual(found.map(one => one.call), [call]);

  await embed.getByRole('button', { name: 'Try another call' }).click();
  await waitFor('another token', async () => !(await shown.innerText()).includes(token));
  await widget(page).star(2).waitFor();
  await widget(page).star(2).check({ force: true });
  await widget(page).send.click();
  await embed.getByText('It arrived: 2 stars.').waitFor();
  assert.equal((await account.find({ label: 'trial:settings' })).length, 2);
  await embed.getByRole('link', { name: 'See it in the overview' }).click();
  await page.locator('.call-list').waitFor();
  await waitFor('both trials', async () => (await page.locator('.call-list tbody tr').count()) === 2);
  assertQuiet(page);
});

test('the command for a backend works with a key that may mint', async () => {
  await open();
  const command = await section('Embed the widget').locator('pre').nth(1).innerText();
  const { body: key } = await ask('POST', '/api-keys', { body: { scopes: ['mint'] } });
  const env = { ...process.env, KEY_SID: key.sid, KEY_SECRET: key.secret };
  const { stdout } = await promisify(execFile)('bash', ['-c', command.replace('curl', 'curl --fail --silent')], { env });
  assert.match(JSON.parse(stdout).token, /^ey/);
});

test('retention deletes after it was confirmed, and says what', async () => {
  await account.report([{ call: 'old', started_at: '2024-01-01T09:30:00Z' }]);
  await open();
  const days = section('Retention').getByLabel('Days');
  await days.fill('0');
  await save('Retention');
  await section('Retention').getByRole('alert').filter({ hasText: 'from 1 to 65535' }).waitFor();
  await days.fill('30');
  await save('Retention');
  const dialog = page.getByRole('dialog', { name: /^Delete calls from before/ });
  await dialog.waitFor();
  await assertAccessible(page);
  await confirm('Cancel');
  assert.equal((await settings()).retention_days, null);
  assert.equal(await days.inputValue(), '30', 'what was typed stays');
  await save('Retention');
  const first = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
  await confirm('Delete');
  await saved('Retention');
  assert.equal((await settings()).retention_days, 30);
  await waitFor('the old call to go', async () => (await ask('GET', '/calls/old')).status === 404);
  assert.ok((await settings()).sealed_before >= first);
  // To keep them longer needs no confirmation.
  await days.fill('');
  await save('Retention');
  await waitFor('calls to be kept', async () => (await settings()).retention_days === null);
  assert.equal(await page.getByRole('dialog').count(), 0);
  assertQuiet(page);
});

test('a subaccount is made, renamed, suspended and resumed', async () => {
  await open();
  const subaccounts = section('Subaccounts');
  await subaccounts.getByRole('button', { name: 'Create the subaccount' }).click();
  await subaccounts.getByRole('alert').filter({ hasText: '1 to 255 characters' }).waitFor();
  await subaccounts.getByLabel('Name', { exact: true }).fill('Support');
  await subaccounts.getByRole('button', { name: 'Create the subaccount' }).click();
  const as = await secret('Subaccounts');
  const own = { as, of: as[0] };
  assert.equal((await ask('GET', '', own)).body.name, 'Support');

  await subaccounts.getByText('Rename').click();
  const row = subaccounts.locator('li', { hasText: as[0] });
  await row.getByRole('textbox', { name: 'Name' }).fill('Help desk');
  await row.getByRole('button', { name: 'Save' }).click();
  await row.getByText('Help desk', { exact: true }).waitFor();
  assert.equal((await ask('GET', '', own)).body.name, 'Help desk');

  await row.getByRole('button', { name: 'Suspend Help desk' }).click();
  await confirm('Suspend');
  await saved('Subaccounts', 'Help desk is suspended.');
  assert.equal((await ask('GET', '', own)).status, 403);
  await row.getByRole('button', { name: 'Resume Help desk' }).click();
  await saved('Subaccounts', 'Help desk may be used again.');
  assert.equal((await ask('GET', '', own)).status, 200);
  await assertAccessible(page);

  const child = await newPage(await browser.newContext());
  await signIn(child, new Account(server.endpoint, ...as));
  await open(child);
  await child.getByText('This is a subaccount, and has none of its own.').waitFor();
  await assertAccessible(child);
  assertQuiet(child);
  assertQuiet(page);
});

test('who may only read sees the settings, and why they cannot be changed', async () => {
  const { body: key } = await ask('POST', '/api-keys', { body: { scopes: ['read'] } });
  await page.context().clearCookies();
  await signIn(page, new Account(server.endpoint, key.sid, key.secret));
  await open();
  await page.getByText('may read settings, but not change them').waitFor();
  await section('API keys').getByText('Which keys there are is shown to those').waitFor();
  for (const name of ['Save', 'Add', /^Create/]) assert.equal(await page.getByRole('button', { name }).count(), 0);
  assert.ok(await section('Account').getByLabel('Name').isDisabled());
  await section('Embed the widget').getByText('To try it here').waitFor();
  await assertAccessible(page);
  assertQuiet(page);
});

test('with the keyboard alone: to the page, its first setting, and back to where a dialog came from', async () => {
  await page.goto(`${server.endpoint}/`);
  await tabTo(page, page.getByRole('link', { name: 'Settings' }));
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { name: 'Settings', level: 1 });
  await waitFor('the focus on the heading', () => heading.evaluate(element => element.matches(':focus')));
  await page.getByRole('heading', { name: 'Subaccounts' }).waitFor();
  await tabTo(page, section('Retention').getByLabel('Days'));
  await page.keyboard.type('90');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Enter');
  const days = section('Retention').getByLabel('Days');
  await waitFor('the focus to return', () => days.evaluate(element => element.matches(':focus')));
  assert.equal((await settings()).retention_days, null, 'Enter is on “Cancel”');
  await page.goBack();
  await page.getByRole('heading', { name: 'Call quality' }).waitFor();
  assertQuiet(page);
});

test('while settings are on their way, and when they do not come', async () => {
  let answer;
  const answered = new Promise(resolve => (answer = resolve));
  await page.route('**/subaccounts', async route => {
    await answered;
    await route.abort();
  });
  await page.goto(`${server.endpoint}/settings`);
  await page.locator('.skeleton').waitFor();
  await assertAccessible(page);
  answer();
  await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
  await assertAccessible(page);
  await page.unroute('**/subaccounts');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Subaccounts' }).waitFor();
  // A change that does not arrive loses nothing.
  await page.route(`**/accounts/${account.sid}`, route => route.abort());
  const share = section('Sampling').getByLabel('Share of calls, in per cent');
  await share.fill('50');
  await save('Sampling');
  await section('Sampling').getByRole('alert').filter({ hasText: 'online' }).waitFor();
  assert.equal(await share.inputValue(), '50');
  await page.unroute(`**/accounts/${account.sid}`);
  await save('Sampling');
  await saved('Sampling');
  await ask('PATCH', '', { body: { sample: 1 } });
});

test('on a phone, and in German', async () => {
  const storageState = await page.context().storageState();
  const context = await browser.newContext({ locale: 'de-AT', storageState, viewport: { width: 390, height: 844 } });
  const german = await newPage(context);
  await german.goto(`${server.endpoint}/settings`);
  await german.getByRole('heading', { name: 'Unterkonten' }).waitFor();
  await assertAccessible(german);
  assert.ok(await german.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it is wider than a phone');
  assertQuiet(german);
});
