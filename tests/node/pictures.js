// `make pictures`: takes the pictures in docs/images of the built binary. Look at changed pictures before you commit them.
import { writeFile } from "node:fs/promises";

import { launch, mouseClick, newPage } from "./lib/browser.js";
import { endedCall, openForm, openHostPage } from "./lib/host-page.js";
import { signIn } from "./lib/pages.js";
import { Server } from "./lib/server.js";
import { STATES } from "./lib/states.js";
import { STYLES } from "./lib/styles.js";

const file = (name) => new URL(`../../docs/images/${name}.png`, import.meta.url).pathname;

const server = await Server.start({ demo: true });
const browser = await launch();

/** Writes one picture with all these pictures and their captions. */
async function sheet(name, pictures, { columns, width, colorScheme = "light" }) {
  const page = await browser.newPage({ viewport: { width: columns * (width + 24) + 24, height: 800 }, colorScheme });
  const figures = pictures.map(
    ({ picture, caption }) =>
      `<figure><img src="data:image/png;base64,${picture.toString("base64")}"><figcaption>${caption}</figcaption></figure>`,
  );
  await page.setContent(`<style>
    :root { color-scheme: light dark; background: light-dark(#eef1f6, #0c0f16); font: 15px system-ui, sans-serif; }
    body { display: grid; grid-template-columns: repeat(${columns}, ${width}px); gap: 24px; align-items: start; margin: 24px; }
    figure { margin: 0; } img { display: block; width: 100%; border-radius: 8px; } figcaption { padding-top: 8px; text-align: center; }
  </style>${figures.join("")}`);
  await page.screenshot({ path: file(name), fullPage: true });
  await page.close();
}

/** Opens the form for a call on a page with these options, takes it to its state by `reach`, and takes a picture. */
async function widgetPicture(caption, { reach, shows, context, head, ...options }) {
  const ends = [];
  const t = { after: (end) => ends.push(end) };
  const { page, form } = await openForm(t, browser, server, {
    ...options,
    context: { viewport: { width: 520, height: 1000 }, ...context },
    // Hides everything but the form.
    head: `${head ?? ""}<style>html { background: light-dark(#eef1f6, #0c0f16) !important; color-scheme: light dark }
      main > :not(ringback-rating) { display: none !important } ringback-rating { display: block; width: 416px; max-width: 100% }</style>`,
  });
  await reach?.(page, form);
  if (shows) await page.getByText(shows).first().waitFor();
  await page.mouse.move(0, 0);
  const picture = await page.locator("ringback-rating").screenshot();
  for (const end of ends.reverse()) await end();
  return { picture, caption };
}

const rateLow = async (page) => {
  await mouseClick(page, page.locator(".rb-star").nth(1));
  await mouseClick(page, page.locator(".rb-issue").nth(1));
};
const send = async (page, form) => {
  await rateLow(page, form);
  await page.locator(".rb-form [part=button]").click();
  await page.locator("[part=change]").waitFor();
};

const phone = { viewport: { width: 390, height: 844 } };
for (const [name, state, context] of [
  ["widget", "low", {}],
  ["widget-dark", "low", { colorScheme: "dark" }],
  ["widget-phone", "about to be sent", phone],
]) {
  await writeFile(file(name), (await widgetPicture(name, { ...STATES[state], context })).picture);
}

for (const colorScheme of ["light", "dark"]) {
  const suffix = colorScheme === "dark" ? "-dark" : "";
  const context = { colorScheme };
  const pictures = [];
  for (const [caption, state] of Object.entries(STATES))
    pictures.push(await widgetPicture(caption, { ...state, context }));
  await sheet(`widget-states${suffix}`, pictures, { columns: 4, width: 416, colorScheme });
  const rtl = [];
  for (const [caption, reach] of [
    ["فارغ", undefined],
    ["تقييم منخفض", rateLow],
    ["تم الإرسال", send],
  ]) {
    rtl.push(await widgetPicture(caption, { reach, lang: "ar", attributes: "dismissible opt-out", context }));
  }
  await sheet(`widget-rtl${suffix}`, rtl, { columns: 3, width: 416, colorScheme });
}

/** Takes a picture of the form as a dialog over its host page. */
async function dialogPicture(caption, context) {
  const own = await browser.newContext({ viewport: { width: 520, height: 760 }, ...context });
  const page = await newPage(own);
  const { token } = await endedCall(server);
  await openHostPage(
    page,
    server,
    '<h1>Softphone</h1><p>The call has ended.</p><ringback-rating mode="dialog"></ringback-rating>',
    {
      head: "<style>html { color-scheme: light dark; font-family: system-ui, sans-serif }</style>",
    },
  );
  await page.evaluate((token) => document.querySelector("ringback-rating").open({ token }), token);
  await page.locator(".rb-star").nth(1).click();
  await page.mouse.move(0, 0);
  const picture = await page.screenshot();
  await own.close();
  return { picture, caption };
}

const dialogs = [];
for (const [caption, context] of [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["phone", phone],
])
  dialogs.push(await dialogPicture(caption, context));
await sheet("widget-dialog", dialogs, { columns: 3, width: 416 });

const phones = [];
for (const caption of ["empty", "low", "comment too long", "queued", "sent"])
  phones.push(await widgetPicture(caption, { ...STATES[caption], context: phone }));
await sheet("widget-states-phone", phones, { columns: 5, width: 374 });

const hosts = [];
for (const [caption, css] of Object.entries(STYLES)) {
  hosts.push(await widgetPicture(caption, { reach: rateLow, head: `<style>${await css()}</style>` }));
}
await sheet("widget-hosts", hosts, { columns: 4, width: 416 });

/** The pages of the dashboard, and their dialogs that open on a click; `ready` appears once the page has loaded. */
const PAGES = {
  dashboard: { path: "/", ready: ".call-list tbody" },
  call: { path: "/", ready: ".call-list tbody", click: ".call-list tbody a" },
  summaries: { path: "/summaries", ready: ".summary-list tbody" },
  summary: { path: "/summaries", ready: ".summary-list tbody", click: ".summary-list tbody :is(a, button)" },
  settings: { path: "/settings", ready: "form" },
};

const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
/** The states of the overview without figures; `prepare` leads to the state. */
const PAGE_STATES = {
  "nothing rated yet": { ready: ".copied pre" },
  loading: { prepare: (page) => page.route("**/stats?*", () => {}), ready: ".skeleton" },
  unreachable: {
    prepare: (page) => page.route("**/stats?*", (route) => route.abort()),
    ready: 'main button:text-is("Try again")',
  },
  "not allowed": {
    prepare: (page) =>
      page.route("**/stats?*", (route) => route.fulfill({ status: 403, json: { title: "Forbidden", status: 403 } })),
    ready: 'h2:text-is("Access denied"), h1:text-is("Access denied")',
  },
  "signed out": { prepare: (page) => page.context().clearCookies(), ready: "form" },
};

const emptyServer = await Server.start();
const link = server.signInLink;
let cookies;
for (const [suffix, viewport, colorScheme] of [
  ["", { width: 1280, height: 1500 }, "light"],
  ["-dark", { width: 1280, height: 1500 }, "dark"],
  ["-phone", { width: 390, height: 844 }, "light"],
]) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await newPage(context);
  if (cookies) await context.addCookies(cookies);
  else {
    await page.goto(link);
    await page.waitForURL(`${server.endpoint}/`);
    cookies = await context.cookies();
    for (const days of [90, 60, 30]) await server.account.summarise(day(-days), day(-days + 29));
  }
  for (const [name, { path, ready, click }] of Object.entries(PAGES)) {
    await page.goto(`${server.endpoint}${path}`);
    await page.locator(ready).first().waitFor();
    if (path === "/") await page.getByText("Live", { exact: true }).waitFor();
    if (click) {
      await page.locator(click).first().click();
      await page.locator("dialog[open]").waitFor();
    }
    await page.screenshot({ path: file(`${name}${suffix}`) });
  }
  const states = [];
  for (const [caption, { prepare, ready }] of Object.entries(PAGE_STATES)) {
    const own = await browser.newContext({
      viewport: { ...viewport, height: 844 },
      colorScheme,
      reducedMotion: "reduce",
    });
    const page = await newPage(own);
    await signIn(page, emptyServer.account);
    await prepare?.(page);
    await page.goto(`${emptyServer.endpoint}/`);
    await page.locator(ready).first().waitFor();
    states.push({ picture: await page.screenshot(), caption });
    await own.close();
  }
  await sheet(`dashboard-states${suffix}`, states, {
    columns: suffix === "-phone" ? 5 : 2,
    width: suffix === "-phone" ? 390 : 800,
    colorScheme,
  });
  await context.close();
}

await browser.close();
await server.stop();
await emptyServer.stop();
