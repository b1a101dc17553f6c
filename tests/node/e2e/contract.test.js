// The contract in docs/embed.md with developers of softphones.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { accessibilityTree, assertAccessible, newPage } from "../lib/browser.js";
import { endedCall, events, recordEvents } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

setUp({ demo: true });

/** Opens a page with a button and the element, and ends a call. */
async function openSoftphone(attributes) {
  const { sid: call, leg, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  await recordEvents(page);
  await page.goto(`${server.endpoint}/demo/`);
  await page.evaluate((attributes) => {
    document.body.innerHTML = '<button id="rate">Rate</button>';
    globalThis.element = document.createElement("ringback-rating");
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
  }, attributes);
  return { page, call, token, leg, form: widget(page) };
}

test("a dialog has a name, takes the focus, is dismissed with Escape and returns the focus", async () => {
  const { page, call, token, leg, form } = await openSoftphone({ mode: "dialog" });
  await page.evaluate((token) => {
    document.querySelector("#rate").onclick = () => element.open({ token });
  }, token);
  const rate = page.getByRole("button", { name: "Rate" });
  await rate.click();
  await form.star(1).and(page.locator(":focus")).waitFor();
  assert.deepEqual(
    (await accessibilityTree(page, "dialog")).map(({ name, modal }) => ({ name, modal })),
    [{ name: "How was your call?", modal: true }],
  );
  await assertAccessible(page);

  await page.keyboard.press("Space");
  const dismissed = page.waitForResponse((response) => response.url().endsWith("/dismissed"));
  await page.keyboard.press("Escape");
  assert.equal((await dismissed).status(), 204);
  await rate.and(page.locator(":focus")).waitFor();
  assert.deepEqual(await events(page), [
    ["ready", {}],
    ["asked", leg],
    ["change", { score: 1, issues: [] }],
    ["dismissed", leg],
  ]);

  // A dismissal is not permanent. The choice before it does not count, and the form is empty again.
  await rate.click();
  await form.star(1).and(page.locator(":focus")).waitFor();
  assert.equal(await form.star(1).isChecked(), false);
  assert.equal(await server.account.rating(call), undefined);
  await form.star(5).check();
  await page.getByRole("button", { name: "Send" }).click();
  await form.thanks.waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await rate.and(page.locator(":focus")).waitFor();
  assert.deepEqual(await server.account.rating(call), { score: 5, issues: [] });
  const names = (await events(page)).map(([name]) => name);
  assert.deepEqual(names.filter((name) => name === "dismissed").length, 1);
  assert.equal(names.at(-1), "submitted");
});

test("a host may close the form in an event handler", async () => {
  for (const close of ["Escape", "Not now", "a star"]) {
    const { page, token, form } = await openSoftphone({ mode: "dialog" });
    await page.evaluate((token) => {
      for (const name of ["asked", "change", "dismissed"])
        element.addEventListener(`ringback-${name}`, () => globalThis.onEvent?.(name));
      element.open({ token });
    }, token);
    await waitFor("the form", async () => (await events(page)).some(([name]) => name === "asked"));
    await page.evaluate(() => {
      globalThis.onEvent = (name) => name !== "asked" && element.close();
    });
    if (close === "Escape") await page.keyboard.press("Escape");
    else if (close === "Not now") await page.getByRole("button", { name: close }).click();
    else await form.star(3).click();
    await form.star(1).waitFor({ state: "detached" });
    assert.deepEqual(
      (await events(page)).filter(([name]) => name === "error"),
      [],
    );
    assert.deepEqual(page.complaints, []);
  }
});

test("an inline form is closed, opened, reset and dismissed", async () => {
  const { page, call, token, form } = await openSoftphone({ dismissible: "" });
  await page.evaluate((token) => {
    element.token = token;
  }, token);
  await form.star(2).check();
  await page.evaluate(() => element.reset());
  await waitFor("a fresh form", async () => !(await form.star(2).isChecked()));

  await form.star(3).check();
  await page.evaluate(() => element.close());
  await form.star(3).waitFor({ state: "detached" });
  await waitFor("the choice", async () => (await server.account.rating(call))?.score === 3);

  await page.evaluate(() => element.open());
  await form.star(1).check();
  await page.getByRole("button", { name: "Not now" }).click();
  await form.star(1).waitFor({ state: "hidden" });
  await page.evaluate(() => element.remove());
  assert.equal((await events(page)).at(-1)[0], "dismissed");
  assert.deepEqual(await server.account.rating(call), { score: 3, issues: [] });
});

test("properties reflect attributes, even those that were set before the element was defined", async () => {
  const { page, token } = await openSoftphone({});
  const reflected = await page.evaluate((token) => {
    element.token = token;
    element.dismissible = true;
    element.partial = "off";
    const attributes = ["token", "dismissible", "partial"].map((name) => element.getAttribute(name));
    element.dismissible = false;
    element.partial = null;
    return { attributes, after: [element.dismissible, element.partial, element.mode, element.hasAttribute("partial")] };
  }, token);
  assert.deepEqual(reflected, { attributes: [token, "", "off"], after: [false, null, null, false] });
  await page.evaluate(() => {
    const raw = document.implementation.createHTMLDocument().createElement("ringback-rating");
    raw.endpoint = "https://other.example";
    document.body.append(raw);
  });
  await page.locator('ringback-rating[endpoint="https://other.example"]').waitFor({ state: "attached" });
});

test("the manifest, the types and the docs list the whole interface", async () => {
  const { page } = await openSoftphone({});
  const manifest = await (await fetch(`${server.endpoint}/embed/custom-elements.json`)).json();
  const types = await (await fetch(`${server.endpoint}/embed/ringback.d.ts`)).text();
  const [declared] = manifest.modules[0].declarations;
  const names = (list) => list.map(({ name }) => name).toSorted();
  const own = await page.evaluate(() => {
    const methods = Object.getOwnPropertyNames(element).filter((name) => typeof element[name] === "function");
    return { attributes: element.constructor.observedAttributes, methods };
  });
  assert.deepEqual(names(declared.attributes), own.attributes.toSorted());
  assert.deepEqual(
    names(declared.members.filter((member) => member.kind === "method" && !member.static)),
    own.methods.toSorted(),
  );
  for (const name of [...names(declared.attributes), ...names(declared.events)]) assert.ok(types.includes(name), name);

  const read = (path) => readFile(new URL(`../../../${path}`, import.meta.url), "utf8");
  const style = await read("style/widget.css");
  const used = new Set(style.match(/--ringback-[a-z-]+/g));
  assert.deepEqual(names(declared.cssProperties), [...used].toSorted());
  const code = (await read("src/view.rs")) + (await read("src/loader/control.js"));
  const parts = new Set([...code.matchAll(/part(?:="?| = "|", ")([a-z]+)/g)].map(([, part]) => part));
  assert.deepEqual(names(declared.cssParts), [...parts].toSorted());
  const docs = await read("docs/embed.md");
  for (const { name } of [
    ...declared.attributes,
    ...declared.events,
    ...declared.cssProperties,
    ...declared.cssParts,
  ]) {
    assert.ok(docs.includes(`\`${name}\``), `docs/embed.md does not mention ${name}`);
  }
});
