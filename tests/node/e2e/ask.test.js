// The loader decides whether to ask about a call before it fetches the form's code.
import assert from "node:assert/strict";
import { test } from "node:test";

import { newPage } from "../lib/browser.js";
import { endedCall, events, openHostPage } from "../lib/host-page.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

setUp();

/** Opens a host page on which forms stay painted, because their code cannot be fetched; `page.fetched` lists the attempts. */
async function openPage({ prepare = () => {} } = {}) {
  const page = await newPage(await browser.newContext());
  page.fetched = [];
  await page.route(/ringback-\w+\.(js|wasm)$/, (route, request) => {
    page.fetched.push(request.url());
    return route.abort();
  });
  await page.addInitScript(prepare);
  await openHostPage(page, server, "");
  await page.evaluate(() => customElements.whenDefined("ringback-rating"));
  return page;
}

/** Returns "asked" if an element with these properties asks, and otherwise the reason why it does not. */
const ask = (page, call, properties = {}, party) =>
  page.evaluate(
    async ({ call, properties, party }) => {
      const claims = btoa(JSON.stringify({ sub: "AC1", call, party }));
      const element = document.createElement("ringback-rating");
      Object.assign(element, properties, { token: `e30.${claims.replace(/=/g, "")}.x` });
      const answer = new Promise((resolve) => {
        element.addEventListener("ringback-skipped", ({ detail }) => resolve(detail.reason));
        // The element has asked once its form is rendered. Later than its own observer.
        const rendered = new ResizeObserver(() => element.offsetHeight && setTimeout(() => resolve("asked")));
        new MutationObserver(() => rendered.observe(element)).observe(element.shadowRoot, { childList: true });
      });
      document.body.append(element);
      const result = await answer;
      element.remove();
      return result;
    },
    { call, properties, party },
  );

test("sampling asks about a share of calls, and decides about a call the same way every time", async () => {
  let page = await openPage();
  assert.equal(await ask(page, "a", { sample: 0 }), "sample");
  assert.equal(await ask(page, "a", { sample: 1 }), "asked");
  const askAll = async () => {
    const asked = [];
    for (let call = 0; call < 100; call++) asked.push(await ask(page, `call-${call}`, { sample: 0.3 }));
    return asked;
  };
  const first = await askAll();
  const share = first.filter((answer) => answer === "asked").length;
  assert.ok(share > 15 && share < 45, `${share} of 100`);
  assert.ok(first.every((answer) => answer === "asked" || answer === "sample"));
  page = await openPage();
  assert.deepEqual(await askAll(), first);
  // The other side of a call is decided separately.
  const sides = await Promise.all(first.map((_, call) => ask(page, `call-${call}`, { sample: 0.3 }, "bob")));
  assert.notDeepEqual(sides, first);
});

test("a call that is not asked about costs nothing", async () => {
  const page = await openPage();
  await page.evaluate(() => {
    document.body.innerHTML =
      '<ringback-rating sample="0" token="e30.eyJzdWIiOiJBQzEiLCJjYWxsIjoiYSJ9.x"></ringback-rating>';
  });
  await waitFor("the event", async () => (await events(page)).length);
  assert.deepEqual(await events(page), [["skipped", { reason: "sample" }]]);
  assert.deepEqual(page.fetched, []);
  assert.equal(await page.evaluate(() => document.querySelector("ringback-rating").shadowRoot.innerHTML), "");
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
});

test("a failed, very short or very long call is always asked about", async () => {
  const page = await openPage();
  const rules = { sample: 0, alwaysFailed: true, alwaysBelow: 10, alwaysAbove: 3600 };
  for (const [call, expected] of [
    [{}, "sample"],
    [{ failed: true }, "asked"],
    [{ duration: 9.5 }, "asked"],
    [{ duration: 0 }, "asked"],
    [{ duration: 10 }, "sample"],
    [{ duration: 3600 }, "sample"],
    [{ duration: 3601 }, "asked"],
  ]) {
    assert.equal(await ask(page, "a", { ...rules, ...call }), expected, JSON.stringify(call));
  }
  assert.equal(await ask(page, "a", { sample: 0, failed: true, duration: 1 }), "sample");
});

test("no other call is asked about during the cool-down", async () => {
  const page = await openPage();
  await page.clock.install();
  const rules = { coolDown: 3600, alwaysFailed: true };
  assert.equal(await ask(page, "a", rules), "asked");
  assert.equal(await ask(page, "b", rules), "cool-down");
  // The same call is asked about again, for example after a reload.
  assert.equal(await ask(page, "a", rules), "asked");
  await page.clock.setFixedTime(Date.now() + 3_500_000);
  assert.equal(await ask(page, "b", rules), "cool-down");
  await page.clock.setFixedTime(Date.now() + 7_300_000);
  assert.equal(await ask(page, "b", rules), "asked");
  assert.equal(await ask(page, "c", { ...rules, failed: true }), "asked");
  assert.equal(await ask(page, "d", rules), "cool-down");
});

test("after an opt-out nothing is asked until askAgain", async () => {
  const page = await openPage();
  await page.evaluate(
    (token) => {
      const element = document.createElement("ringback-rating");
      Object.assign(element, { optOut: true, token });
      document.body.append(element);
    },
    `e30.${btoa('{"sub":"AC1","call":"a"}')}.x`,
  );
  await page.getByRole("button", { name: "Don’t ask again" }).click();
  const always = { alwaysFailed: true, failed: true };
  assert.equal(await ask(page, "a", always), "opt-out");
  await page.reload();
  assert.equal(await ask(page, "a", always), "opt-out");
  await page.evaluate(() => customElements.get("ringback-rating").askAgain());
  assert.equal(await ask(page, "a", always), "asked");
});

test("the form has an opt-out button, with its code and without", async () => {
  const { leg, token } = await endedCall(server);
  for (const code of [true, false]) {
    const page = await newPage(await browser.newContext());
    if (!code) await page.route("**/*.wasm", (route) => route.abort());
    await openHostPage(page, server, `<ringback-rating opt-out token="${token}"></ringback-rating>`);
    await waitFor("the form", async () => (await events(page, code ? "asked" : "error")).length);
    await page.getByRole("button", { name: "Don’t ask again" }).click();
    assert.deepEqual(await events(page, "dismissed"), [{ ...leg, forever: true }]);
    await page.getByRole("radio").first().waitFor({ state: "hidden" });
    assert.equal(await ask(page, "another"), "opt-out");
  }
});

test("open() sets the properties of its call, and the next open() resets them", async () => {
  const page = await openPage();
  await page.evaluate(() => {
    const element = document.createElement("ringback-rating");
    for (const [name, value] of Object.entries({ mode: "dialog", sample: 0, "always-failed": "" }))
      element.setAttribute(name, value);
    globalThis.element = element;
    document.body.append(element);
  });
  const open = (call) => page.evaluate((call) => element.open(call), call);
  const token = (call) => `e30.${btoa(JSON.stringify({ sub: "AC1", call })).replace(/=/g, "")}.x`;
  await open({ token: token("a"), failed: true, duration: 12 });
  await page.getByRole("dialog").waitFor();
  assert.deepEqual(await page.evaluate(() => [element.failed, element.duration]), [true, 12]);
  await page.evaluate(() => element.close());
  await open({ token: token("b") });
  await open({ token: token("b") });
  assert.deepEqual(await events(page, "skipped"), [{ reason: "sample" }, { reason: "sample" }]);
  assert.deepEqual(await page.evaluate(() => [element.failed, element.duration]), [false, undefined]);
});

test("a browser without storage asks", async () => {
  const page = await openPage({
    prepare: () =>
      Object.defineProperty(globalThis, "localStorage", {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      }),
  });
  for (const call of ["a", "b"]) assert.equal(await ask(page, call, { coolDown: 3600 }), "asked");
  await page.evaluate(() => customElements.get("ringback-rating").askAgain());
});
