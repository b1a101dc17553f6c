// node tests/node/engines/pictures.js [FOLDER]
// Takes pictures of the form in each of its states in Firefox and WebKit, and one sheet with all of them for each engine.
// ENGINES="chromium" takes them in other engines.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Server } from "../lib/server.js";
import { chromium, ENGINES } from "./drivers/index.js";
import { noWasm, offline, refusal } from "./faults.js";
import { Form } from "./form.js";
import { Stage } from "./stage.js";

const folder = process.argv[2] ?? "target/engine-pictures";
const names = (process.env.ENGINES ?? "firefox webkit").split(" ");
const SIZE = [520, 900];

const choose = async ({ tab, form }, score) => {
  await tab.click(form.star(score));
  await form.isLitUpTo(score).catch(() => {});
};
const chooseLow = async (stage) => {
  await choose(stage, 2);
  await stage.tab.click(stage.form.issue("dropped-call"));
};
const write = async (stage) => {
  await chooseLow(stage);
  await stage.form.write("The call broke off after a minute. 😀 ".repeat(26));
};
const sendLow = async (stage) => {
  await chooseLow(stage);
  await stage.tab.click(stage.form.send());
};

/** Opens the form in this mode. */
const open = async ({ tab, call }, mode) => {
  await tab.evaluate(
    ({ mode, token }) => {
      const element = document.querySelector("ringback-rating");
      element.mode = mode;
      element.open({ token });
    },
    { mode, token: call.token },
  );
};

/**
 * The states: the page's options, the event that it waits for, what happens to requests, the steps to the state, and a
 * text that the form then shows.
 */
const STATES = {
  unrated: {},
  "star 1": { reach: (stage) => choose(stage, 1) },
  "star 2": { reach: (stage) => choose(stage, 2) },
  "star 3": { reach: (stage) => choose(stage, 3) },
  "star 4": { reach: (stage) => choose(stage, 4) },
  "star 5": { reach: (stage) => choose(stage, 5) },
  "star missing": { reach: ({ tab, form }) => tab.click(form.send()), shows: "Please choose a star first" },
  "issue ticked": { reach: chooseLow },
  "issue missing": {
    attributes: 'require-issue="3"',
    async reach({ tab, form }) {
      await tab.click(form.star(2));
      await tab.click(form.send());
    },
    shows: "Please choose at least one",
  },
  comment: { reach: write, shows: "characters left" },
  sent: { reach: sendLow, shows: "Thank you" },
  "sent, dismissible": { attributes: "dismissible opt-out", reach: sendLow, shows: "Thank you" },
  queued: { laterFault: offline, reach: sendLow, shows: "Saved here." },
  refused: { laterFault: refusal, reach: sendLow, shows: "no longer be rated" },
  "five stars with auto-send": { attributes: "auto-send", reach: (stage) => choose(stage, 5), shows: "in a moment" },
  "dismissible and opt-out": {
    attributes: 'dismissible opt-out privacy-href="https://example.com/privacy"',
    reach: chooseLow,
  },
  dialog: {
    attributes: 'mode="dialog"',
    until: null,
    reach: (stage) => open(stage, "dialog").then(() => chooseLow(stage)),
  },
  corner: {
    attributes: 'mode="corner"',
    until: null,
    reach: (stage) => open(stage, "corner").then(() => chooseLow(stage)),
  },
  painted: { fault: noWasm, until: "error", reach: chooseLow },
  "painted and sent": { fault: noWasm, until: "error", reach: sendLow, shows: "Thank you" },
  Arabic: { lang: "ar", attributes: "dismissible opt-out", reach: chooseLow },
  "Arabic, sent": { lang: "ar", reach: sendLow, shows: "شكرًا" },
  dark: { dark: true, reach: chooseLow },
  "dark, unrated": { dark: true },
  "dark, sent": { dark: true, reach: sendLow, shows: "Thank you" },
  "dark dialog": {
    dark: true,
    attributes: 'mode="dialog"',
    until: null,
    reach: (stage) => open(stage, "dialog").then(() => choose(stage, 4)),
  },
  phone: { phone: true, reach: chooseLow },
  "phone, dialog": {
    phone: true,
    attributes: 'mode="dialog"',
    until: null,
    reach: (stage) => open(stage, "dialog").then(() => chooseLow(stage)),
  },
};

/** The picture of a state. */
async function picture(stage, { phone, dark, fault, laterFault, until, reach, shows, ...page }) {
  await stage.tab.resize(...SIZE);
  if (fault) stage.site.fault = fault;
  const scheme = dark ? "dark" : "light";
  const head = `<style>html { color-scheme: ${scheme}; background: ${dark ? "#0c0f16" : "#eef1f6"}; font-family: sans-serif }
    ringback-rating { color-scheme: ${scheme} }</style>`;
  if (phone) {
    // In a frame, because windows have a least width.
    stage.serve({ path: "/phone", head, ...page });
    await stage.open({ until: null, body: '<iframe id="phone" src="/phone" width="360" height="740"></iframe>' });
    stage.tab = await stage.tab.frame("#phone");
    stage.form = new Form(stage.tab);
    if (until !== null) await stage.event("ready");
  } else {
    await stage.open({ head, until, ...page });
  }
  if (laterFault) stage.site.fault = laterFault;
  await reach?.(stage);
  if (shows) await stage.form.says(shows);
  await stage.tab.settle();
  return stage.tab.screenshot();
}

/** One picture with all of these. */
async function sheet(browser, pictures) {
  const tab = await browser.newTab();
  const figures = pictures.map(
    ({ caption, png }) =>
      `<figure><img src="data:image/png;base64,${png.toString("base64")}"><figcaption>${caption}</figcaption></figure>`,
  );
  await tab.page.setContent(`<style>body { display: grid; grid-template-columns: repeat(7, 300px); gap: 12px; font: 16px sans-serif }
    figure { margin: 0 } img { width: 100%; border: 1px solid gray }</style>${figures.join("")}`);
  await tab.resize(2220, await tab.evaluate(() => document.documentElement.scrollHeight));
  const png = await tab.screenshot();
  await tab.close();
  return png;
}

await mkdir(folder, { recursive: true });
const server = await Server.start();
const printer = await chromium.launch();
for (const name of names) {
  const browser = await ENGINES.find((engine) => engine.name === name).launch();
  const pictures = [];
  for (const [caption, state] of Object.entries(STATES)) {
    const stage = await Stage.set(browser, server);
    try {
      const png = Buffer.from(await picture(stage, state));
      await writeFile(join(folder, `${name}-${caption.replaceAll(/\W+/g, "-")}.png`), png);
      pictures.push({ caption, png });
    } catch (error) {
      console.log(`${name}, ${caption}: ${error.message}`);
      process.exitCode = 1;
    } finally {
      await stage.clear();
    }
  }
  await writeFile(join(folder, `${name}.png`), await sheet(printer, pictures));
  console.log(`${name} ${browser.version}: ${pictures.length} pictures in ${folder}`);
  await browser.close();
}
await printer.close();
await server.stop();
