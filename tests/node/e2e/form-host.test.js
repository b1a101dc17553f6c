// The form on host pages: their styles do not affect it, and it leaves nothing behind on them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";

import { assertQuiet, mouseClick, newPage } from "../lib/browser.js";
import { endedCall, formReady, openForm } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { STYLES } from "../lib/styles.js";
import { waitFor } from "../lib/wait.js";

setUp();

/** The style and the position of every element of the form. */
const look = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("ringback-rating").shadowRoot;
    const base = root.querySelector(".rb").getBoundingClientRect();
    return [...root.querySelectorAll(".rb, .rb *")].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      // Properties that are inherited or depend on the text size.
      const names = [
        "display",
        "visibility",
        "color",
        "backgroundColor",
        "borderTopColor",
        "borderTopWidth",
        "borderRadius",
        "fontFamily",
        "fontSize",
        "fontStyle",
        "fontWeight",
        "letterSpacing",
        "lineHeight",
        "textAlign",
        "textTransform",
        "wordSpacing",
        "textIndent",
        "opacity",
        "cursor",
        "fill",
        "stroke",
        "direction",
        "whiteSpace",
        "listStyleType",
        "pointerEvents",
        "userSelect",
        "appearance",
      ];
      // To a quarter of a pixel; hidden elements have no position.
      const box = element.checkVisibility()
        ? [x - base.x, y - base.y, width, height].map((px) => Math.round(px * 4) / 4)
        : [];
      return {
        name: `${element.localName}.${element.className.baseVal ?? element.className}`,
        box,
        ...Object.fromEntries(names.map((name) => [name, style[name]])),
      };
    });
  });

/** Fills in the form so that it shows every kind of text that it has. */
async function fillIn(page) {
  await mouseClick(page, page.locator(".rb-star").nth(1));
  await mouseClick(page, page.locator(".rb-issue").first());
  await page.locator("textarea").fill("It broke off. ".repeat(68));
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement.blur());
  await page.waitForFunction(() =>
    document
      .querySelector("ringback-rating")
      .shadowRoot.getAnimations()
      .every(({ playState }) => playState === "finished"),
  );
}

// Fixes the width of the element, which the page's styles may change.
const frame = "<style>ringback-rating { display: block !important; width: 400px !important; }</style>";

for (const [name, css] of Object.entries(STYLES)) {
  test(`the form looks the same with ${name}`, async (t) => {
    const context = { viewport: { width: 900, height: 1200 }, colorScheme: "light" };
    const attributes = "dismissible opt-out";
    const plain = await openForm(t, browser, server, { context, attributes, head: frame });
    const styled = await openForm(t, browser, server, {
      context,
      attributes,
      head: `${frame}<style>${await css()}</style>`,
    });
    for (const { page } of [plain, styled]) await fillIn(page);
    const [expected, found] = [await look(plain.page), await look(styled.page)];
    assert.ok(expected.length > 60, `${expected.length} elements`);
    assert.deepEqual(found, expected);
    assertQuiet(styled.page);
  });
}

test("the form works even where the page unsets the styles of the element itself", async (t) => {
  const { page, form } = await openForm(t, browser, server, {
    head: "<style>* { all: unset } head, script, style, title { display: none }</style>",
  });
  await mouseClick(page, form.drawnStar(5));
  await mouseClick(page, form.send);
  await form.thanks.waitFor();
  assertQuiet(page);
});

test("the form leaves no global, cookie or style, and sends requests to no other origin", async (t) => {
  const { page, form } = await openForm(t, browser, server, {
    // The globals before the widget; this script runs first.
    head: "<script>globalThis.before = new Set(Object.getOwnPropertyNames(globalThis))</script>",
  });
  const origins = new Set();
  page.on("request", (request) => origins.add(new URL(request.url()).origin));
  await mouseClick(page, form.drawnStar(2));
  await form.send.click();
  await form.thanks.waitFor();
  const left = await page.evaluate(() => ({
    globals: Object.getOwnPropertyNames(globalThis).filter((name) => !globalThis.before.has(name)),
    cookie: document.cookie,
    styles: document.styleSheets.length + document.adoptedStyleSheets.length,
    body: [...document.body.children].map(({ localName }) => localName),
  }));
  assert.deepEqual(left, { globals: ["before"], cookie: "", styles: 0, body: ["main"] });
  assert.deepEqual(await page.context().cookies(), []);
  assert.deepEqual([...origins], [server.endpoint]);
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => new URL(name).origin),
  );
  // The browser requests an icon from the page's own server.
  const others = loaded.filter((origin) => origin !== new URL(page.url()).origin);
  assert.deepEqual([...new Set(others)], [server.endpoint]);
});

/** Takes the form through all its steps, from an empty Send to a changed rating. */
async function rate(page, sid) {
  const form = widget(page);
  await form.stars.first().waitFor();
  await formReady(page);
  await form.send.click();
  await page.getByText("Please choose a star first").waitFor();
  await mouseClick(page, form.drawnStar(2));
  await mouseClick(page, form.issue("The call cut out"));
  await form.comment.fill("It broke off. ".repeat(68));
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: ["dropped-call"] });
  await page.getByRole("button", { name: "Change rating" }).click();
  await mouseClick(page, form.drawnStar(5));
  await page.getByText("Great", { exact: true }).waitFor();
  await page.evaluate(() => document.querySelector("ringback-rating").remove());
  await waitFor("the changed rating", async () => (await server.account.rating(sid)).score === 5);
}

for (const [name, policy] of [
  ["from the same origin", () => `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'`],
  [
    "from another origin",
    (endpoint) =>
      `default-src 'self'; script-src ${endpoint} 'wasm-unsafe-eval'; style-src 'self'; connect-src ${endpoint}; base-uri 'none'; form-action 'none'`,
  ],
]) {
  test(`the form ${name} breaks no policy, and a violation would be reported`, async (t) => {
    const reports = [];
    // A proxy in front of the server, so that the page can have the same origin.
    const host = createServer(async (request, response) => {
      if (request.url === "/report") {
        reports.push((await request.toArray()).join(""));
        return response.writeHead(204).end();
      }
      if (request.url === "/softphone") {
        return response
          .writeHead(200, {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": `${csp}; report-uri /report`,
          })
          .end(html);
      }
      if (name !== "from the same origin" || request.url === "/favicon.ico") return response.writeHead(204).end();
      const body = ["GET", "HEAD"].includes(request.method) ? undefined : (await request.toArray()).join("");
      const { connection, host: _, ...headers } = request.headers;
      const answer = await fetch(server.endpoint + request.url, { method: request.method, headers, body });
      const passed = ["content-type", "ringback-revision"].filter((name) => answer.headers.has(name));
      const bytes = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, Object.fromEntries(passed.map((name) => [name, answer.headers.get(name)])));
      response.end(bytes);
    });
    t.after(() => {
      host.close();
      host.closeAllConnections();
    });
    host.listen(0, "127.0.0.1");
    await once(host, "listening");
    const own = `http://127.0.0.1:${host.address().port}`;
    const endpoint = name === "from the same origin" ? own : server.endpoint;
    const csp = policy(endpoint);
    const { sid, token } = await endedCall(server);
    const html =
      `<!doctype html><html lang="en"><title>Softphone</title><script type="module" src="${endpoint}/embed/ringback.js"></script>` +
      `<ringback-rating endpoint="${endpoint}" token="${token}"></ringback-rating>`;

    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await newPage(context);
    await page.goto(`${own}/softphone`);
    await rate(page, sid);
    assertQuiet(page);
    assert.deepEqual(reports, []);

    // A violation is reported.
    await page.evaluate(() =>
      document.body.append(Object.assign(document.createElement("p"), { innerHTML: '<i style="color:red">' })),
    );
    await waitFor("a report", () => reports.length > 0);
    await waitFor("the event", () => page.complaints.some((complaint) => complaint.startsWith("CSP: style-src")));
  });
}
