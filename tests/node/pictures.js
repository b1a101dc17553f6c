// `make pictures`: takes the pictures in docs/images, of the built binary. What was changed is then looked at before it is committed.
import { writeFile } from 'node:fs/promises';

import { mouseClick, launch, newPage } from './lib/browser.js';
import { endedCall, openElsewhere } from './lib/elsewhere.js';
import { openHost } from './lib/host.js';
import { signIn } from './lib/pages.js';
import { Server } from './lib/server.js';
import { STATES } from './lib/states.js';
import { STYLES } from './lib/styles.js';

const file = name => new URL(`../../docs/images/${name}.png`, import.meta.url).pathname;

const server = await Server.start({ demo: true });
const browser = await launch();

/** Puts pictures with words below them on one sheet. */
async function sheet(name, pictures, { columns, width, colorScheme = 'light' }) {
  const page = await browser.newPage({ viewport: { width: columns * (width + 24) + 24, height: 800 }, colorScheme });
  const figures = pictures.map(
    ({ picture, words }) => `<figure><img src="data:image/png;base64,${picture.toString('base64')}"><figcaption>${words}</figcaption></figure>`,
  );
  await page.setContent(`<style>
    :root { color-scheme: light dark; background: light-dark(#eef1f6, #0c0f16); font: 15px system-ui, sans-serif; }
    body { display: grid; grid-template-columns: repeat(${columns}, ${width}px); gap: 24px; align-items: start; margin: 24px; }
    figure { margin: 0; } img { display: block; width: 100%; border-radius: 8px; } figcaption { padding-top: 8px; text-align: center; }
  </style>${figures.join('')}`);
  await page.screenshot({ path: file(name), fullPage: true });
  await page.close();
}

/** Opens the widget for a call, in a page with these parts, and gives a picture of it once `go` has been there. */
async function widgetPicture(words, { go, shows, context, head, ...parts }) {
  const ends = [];
  const t = { after: end => ends.push(end) };
  const { page, form } = await openElsewhere(t, browser, server, {
    ...parts,
    context: { viewport: { width: 520, height: 1000 }, ...context },
    // What stands beside it is not of interest.
    head: `${head ?? ''}<style>html { background: light-dark(#eef1f6, #0c0f16) !important; color-scheme: light dark }
      main > :not(ringback-rating) { display: none !important } ringback-rating { display: block; width: 416px; max-width: 100% }</style>`,
  });
  await go?.(page, form);
  if (shows) await page.getByText(shows).first().waitFor();
  await page.mouse.move(0, 0);
  const picture = await page.locator('ringback-rating').screenshot();
  for (const end of ends.reverse()) await end();
  return { picture, words };
}

const byPlace = async page => {
  await mouseClick(page, page.locator('.rb-star').nth(1));
  await mouseClick(page, page.locator('.rb-issue').nth(1));
};
const send = async (page, form) => {
  await byPlace(page, form);
  await page.locator('.rb-form [part=button]').click();
  await page.locator('[part=change]').waitFor();
};

const phone = { viewport: { width: 390, height: 844 } };
for (const [name, state, context] of [
  ['widget', 'low', {}],
  ['widget-dark', 'low', { colorScheme: 'dark' }],
  ['widget-phone', 'sent soon', phone],
]) {
  await writeFile(file(name), (await widgetPicture(name, { ...STATES[state], context })).picture);
}

for (const colorScheme of ['light', 'dark']) {
  const suffix = colorScheme === 'dark' ? '-dark' : '';
  const context = { colorScheme };
  const pictures = [];
  for (const [words, state] of Object.entries(STATES)) pictures.push(await widgetPicture(words, { ...state, context }));
  await sheet(`widget-states${suffix}`, pictures, { columns: 4, width: 416, colorScheme });
  const rtl = [];
  for (const [words, go] of [['فارغ', undefined], ['تقييم منخفض', byPlace], ['تم الإرسال', send]]) {
    rtl.push(await widgetPicture(words, { go, lang: 'ar', attributes: 'dismissible opt-out', context }));
  }
  await sheet(`widget-rtl${suffix}`, rtl, { columns: 3, width: 416, colorScheme });
}

/** The form as a dialog, over a page that asks with it. */
async function dialogPicture(words, context) {
  const own = await browser.newContext({ viewport: { width: 520, height: 760 }, ...context });
  const page = await newPage(own);
  const { token } = await endedCall(server);
  await openHost(page, server, '<h1>Softphone</h1><p>The call has ended.</p><ringback-rating mode="dialog"></ringback-rating>', {
    head: '<style>html { color-scheme: light dark; font-family: system-ui, sans-serif }</style>',
  });
  await page.evaluate(token => document.querySelector('ringback-rating').open({ token }), token);
  await page.locator('.rb-star').nth(1).click();
  await page.mouse.move(0, 0);
  const picture = await page.screenshot();
  await own.close();
  return { picture, words };
}

const dialogs = [];
for (const [words, context] of [['light', {}], ['dark', { colorScheme: 'dark' }], ['phone', phone]]) dialogs.push(await dialogPicture(words, context));
await sheet('widget-dialog', dialogs, { columns: 3, width: 416 });

const phones = [];
for (const words of ['empty', 'low', 'comment too long', 'queued', 'sent']) phones.push(await widgetPicture(words, { ...STATES[words], context: phone }));
await sheet('widget-states-phone', phones, { columns: 5, width: 374 });

const hosts = [];
for (const [words, css] of Object.entries(STYLES)) {
  hosts.push(await widgetPicture(words, { go: byPlace, head: `<style>${await css()}</style>` }));
}
await sheet('widget-hosts', hosts, { columns: 4, width: 416 });

/** The pages of the dashboard, and what opens on them when something is clicked. */
const PAGES = {
  dashboard: { path: '/', seen: '.call-list tbody' },
  call: { path: '/', seen: '.call-list tbody', click: '.call-list tbody a' },
  summaries: { path: '/summaries', seen: '.summary-list tbody' },
  summary: { path: '/summaries', seen: '.summary-list tbody', click: '.summary-list tbody :is(a, button)' },
  settings: { path: '/settings', seen: 'form' },
};

const day = offset => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
/** What an account without ratings sees, and what anybody sees when something is not as it should be. */
const STATES_OF_PAGE = {
  'nothing rated yet': { seen: '.copied pre' },
  'on its way': { before: page => page.route('**/stats?*', () => {}), seen: '.skeleton' },
  'no answer': { before: page => page.route('**/stats?*', route => route.abort()), seen: 'main button:text-is("Try again")' },
  'not allowed': {
    before: page => page.route('**/stats?*', route => route.fulfill({ status: 403, json: { title: 'Forbidden', status: 403 } })),
    seen: 'h2:text-is("You may not see this"), h1:text-is("You may not see this")',
  },
  'signed out': { before: page => page.context().clearCookies(), seen: 'form' },
};

const fresh = await Server.start();
const link = server.signInLink;
let cookies;
for (const [suffix, viewport, colorScheme] of [
  ['', { width: 1280, height: 1500 }, 'light'],
  ['-dark', { width: 1280, height: 1500 }, 'dark'],
  ['-phone', { width: 390, height: 844 }, 'light'],
]) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  const page = await newPage(context);
  if (cookies) await context.addCookies(cookies);
  else {
    await page.goto(link);
    await page.waitForURL(`${server.endpoint}/`);
    cookies = await context.cookies();
    for (const days of [90, 60, 30]) await server.account.summarise(day(-days), day(-days + 29));
  }
  for (const [name, { path, seen, click }] of Object.entries(PAGES)) {
    await page.goto(`${server.endpoint}${path}`);
    await page.locator(seen).first().waitFor();
    if (path === '/') await page.getByText('Live', { exact: true }).waitFor();
    if (click) {
      await page.locator(click).first().click();
      await page.locator('dialog[open]').waitFor();
    }
    await page.screenshot({ path: file(`${name}${suffix}`) });
  }
  const states = [];
  for (const [words, { before, seen }] of Object.entries(STATES_OF_PAGE)) {
    const own = await browser.newContext({ viewport: { ...viewport, height: 844 }, colorScheme, reducedMotion: 'reduce' });
    const page = await newPage(own);
    await signIn(page, fresh.account);
    await before?.(page);
    await page.goto(`${fresh.endpoint}/`);
    await page.locator(seen).first().waitFor();
    states.push({ picture: await page.screenshot(), words });
    await own.close();
  }
  await sheet(`dashboard-states${suffix}`, states, { columns: suffix === '-phone' ? 5 : 2, width: suffix === '-phone' ? 390 : 800, colorScheme });
  await context.close();
}

await browser.close();
await server.stop();
await fresh.stop();
