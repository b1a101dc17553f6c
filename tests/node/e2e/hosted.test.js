// The hosted pages: behind a link, in frames of other origins, and on a server below a path.
import assert from "node:assert/strict";
import { request as forward } from "node:http";
import { test } from "node:test";

import { assertAccessible, assertQuiet, assertQuietExcept, newPage } from "../lib/browser.js";
import { endedCall, serve } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

setUp();

/** Opens a page of another origin that frames the form for an ended call, and gives the frame the height that it posts. */
async function openFramed(t, { query = "", attributes = "", headers = {}, style = "", context = {} } = {}) {
  const { sid, token } = await endedCall(server);
  const address = await serve(t, (_, response) => {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers });
    response.end(`<!doctype html><html lang="en"><title>Softphone</title><link rel="icon" href="data:,">
      <style>body { margin: 0 } iframe { border: 0; width: 400px; height: 150px } ${style}</style>
      <script>
        posted = [];
        addEventListener("message", ({ data, source }) => {
          const frame = document.querySelector("iframe");
          if (source !== frame.contentWindow) return;
          posted.push(data);
          if (data.type === "ringback-resize") frame.style.height = data.detail.height + "px";
        });
      </script>
      <iframe title="Rate the call" ${attributes} allow="cross-origin-isolated"
        src="${server.endpoint}/frame/${server.account.sid}${query}#${token}"></iframe>`);
  });
  const own = await browser.newContext(context);
  t.after(() => own.close());
  const page = await newPage(own);
  await page.goto(address);
  await posted(page, "ringback-ready");
  return { page, sid, form: widget(page.frameLocator("iframe")) };
}

/** Waits until the frame has posted an event of this type. */
const posted = (page, type) =>
  waitFor(type, () => page.evaluate((type) => globalThis.posted.some((event) => event.type === type), type));

async function rate(form, score) {
  await form.drawnStar(score).click();
  await form.send.click();
  await form.thanks.waitFor();
}

test("a frame becomes lower again after Send, and shows its whole page", async (t) => {
  const { page, sid, form } = await openFramed(t);
  const height = () => page.locator("iframe").evaluate((frame) => frame.clientHeight);
  const fits = () =>
    page
      .frameLocator("iframe")
      .locator("body")
      .evaluate((body) => Math.ceil(body.getBoundingClientRect().height) === innerHeight);
  await waitFor("the height of the stars", fits);
  const low = await height();
  await form.drawnStar(2).click();
  await waitFor("a higher frame", async () => (await height()) > low + 100);
  await waitFor("the height of the whole form", fits);
  await form.send.click();
  await form.thanks.waitFor();
  await waitFor("a lower frame", async () => (await height()) < low + 100);
  await waitFor("the height of the thanks", fits);
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: [] });
  assertQuiet(page);
});

test("a call is rated in a frame of a cross-origin isolated page", async (t) => {
  const headers = { "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin" };
  const { page, sid, form } = await openFramed(t, { headers });
  assert.equal(await page.evaluate(() => globalThis.crossOriginIsolated), true);
  await rate(form, 5);
  assert.deepEqual(await server.account.rating(sid), { score: 5, issues: [] });
  assertQuiet(page);
});

test("a call is rated in a frame that may run scripts and nothing else", async (t) => {
  const { page, sid, form } = await openFramed(t, { attributes: 'sandbox="allow-scripts"' });
  await rate(form, 5);
  assert.deepEqual(await server.account.rating(sid), { score: 5, issues: [] });
  assertQuiet(page);
});

/** The colour of a pixel of the page, as `[red, green, blue]`. */
async function pixel(page, x, y) {
  const png = await page.screenshot({ clip: { x, y, width: 1, height: 1 } });
  return page.evaluate(async (png) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.drawImage(image, 0, 0);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  }, png.toString("base64"));
}

test("a frame with theme=dark is dark in a dark page on a light system, and light by default on a light one", async (t) => {
  const style = ":root { color-scheme: dark; background: #203040 } iframe { width: 600px }";
  const context = { colorScheme: "light" };
  const dark = await openFramed(t, { query: "?theme=dark", style, context });
  // Beside the form, the host shows through.
  assert.deepEqual(await pixel(dark.page, 590, 60), [0x20, 0x30, 0x40]);
  const surface = ({ page }) =>
    page
      .frameLocator("iframe")
      .locator("ringback-rating")
      .evaluate((element) => getComputedStyle(element.shadowRoot.querySelector(".rb")).backgroundColor);
  assert.equal(await surface(dark), "rgb(26, 31, 43)");
  const light = await openFramed(t, { context });
  assert.equal(await surface(light), "rgb(255, 255, 255)");
});

test("a link opens a page in the visitor's language, with the colours and the theme of its address", async (t) => {
  const { sid, link } = await linked();
  const context = await browser.newContext({ locale: "de-DE", colorScheme: "light" });
  t.after(() => context.close());
  const page = await newPage(context);
  await page.goto(`${link}?theme=dark&accent=2457d6&surface=123&star=red&text=%23fff`);
  await page.getByRole("heading", { name: "Wie war Ihr Anruf?" }).or(page.getByText("Wie war Ihr Anruf?")).waitFor();
  assert.equal(await page.title(), "Wie war Ihr Anruf?");
  const set = await page.locator("ringback-rating").getAttribute("style");
  assert.equal(set, "--ringback-surface: #123; --ringback-accent: #2457d6;");
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(15, 17, 22)");
  const complaints = page.complaints.map((text) => text.replace(/ \(.*/, ""));
  const wrong = (name, color) =>
    `Ringback: ${name} must be a colour of 3 or 6 hexadecimal digits such as 2457d6; got "${color}"`;
  assert.deepEqual(complaints, [wrong("text", "#fff"), wrong("star", "red")]);
  await page.locator("label", { has: page.getByRole("radio", { name: /^5 Sterne/ }) }).click();
  await page.getByRole("button", { name: "Senden" }).click();
  await waitFor("the rating", async () => (await server.account.rating(sid))?.score === 5);
});

test("a link that no longer works says so in Arabic, from right to left", async () => {
  const page = await newPage(await browser.newContext({ locale: "ar" }));
  await page.goto(`${server.endpoint}/r/nothing`);
  await page.getByRole("heading", { name: "هذا الرابط لم يعد يعمل" }).waitFor();
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("p")).direction), "rtl");
  await assertAccessible(page);
  assertQuietExcept(page, /410/);
});

test("the hosted pages work on a server below a path", async (t) => {
  const { sid, token, link } = await linked();
  const { hostname, port } = new URL(server.endpoint);
  const proxy = await serve(t, (request, response) => {
    const path = request.url.match(/^\/ringback(\/.*)/)?.[1];
    if (path === undefined) return response.writeHead(404).end();
    const { method, headers } = request;
    const onward = forward({ hostname, port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward.on("error", () => response.destroy()));
  });
  for (const [score, path] of [
    [4, new URL(link).pathname],
    [5, `/frame/${server.account.sid}#${token}`],
  ]) {
    const page = await newPage(await browser.newContext());
    await page.goto(`${proxy}ringback${path}`);
    await rate(widget(page), score);
    assert.equal((await server.account.rating(sid)).score, score);
    assertQuiet(page);
  }
});

/** Reports a call that has ended, and mints a token and a link to rate it. */
async function linked() {
  const { sid, token } = await endedCall(server);
  const path = `/v1/accounts/${server.account.sid}/rating-tokens`;
  const { text } = await server.account.request("POST", path, { json: { call: sid, link: true } });
  return { sid, token, link: JSON.parse(text).link };
}
