// The widget on a page of another origin, whose security policy allows the widget and nothing more.
import assert from "node:assert/strict";
import { test } from "node:test";

import { assertQuiet, mouseClick, newPage } from "../lib/browser.js";
import { endedCall, serveHostPage } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";

setUp();

/** The strictest policy that allows the widget from `endpoint`. */
const policy = (endpoint) =>
  `default-src 'none'; script-src ${endpoint} 'wasm-unsafe-eval'; connect-src ${endpoint}; base-uri 'none'; form-action 'none'`;

/** Serves a page with that policy and with the widget for an ended call. */
async function strictPage(t) {
  const { endpoint } = server;
  const { sid, token } = await endedCall(server);
  return { sid, token, address: await serveHostPage(t, { endpoint, token, policy: policy(endpoint) }) };
}

test("a call is rated from a page of another origin under a strict policy", async (t) => {
  const { sid, address } = await strictPage(t);
  const page = await newPage(await browser.newContext());
  await page.goto(address);

  const form = widget(page);
  await form.drawnStar(5).waitFor();
  await mouseClick(page, form.drawnStar(5));
  await form.send.click();
  await form.thanks.waitFor();

  assert.deepEqual(await server.account.rating(sid), { score: 5, issues: [] });
  assertQuiet(page);
});

test("a form that cannot be fetched fires an error, every time", async (t) => {
  const page = await newPage(await browser.newContext());
  await page.route("**/*.wasm", (route) => route.abort());
  const { token, address } = await strictPage(t);
  await page.goto(address);
  for (let time = 0; time < 2; time += 1) {
    const code = await page.evaluate(
      (token) =>
        new Promise((resolve) => {
          const element = document.createElement("ringback-rating");
          element.addEventListener("ringback-error", (event) => resolve(event.detail.code));
          element.setAttribute("token", token);
          document.body.append(element);
        }),
      token,
    );
    assert.equal(code, "load");
  }
});
