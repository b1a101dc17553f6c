// Without WebAssembly, or after it fails, the form that the loader painted works.
import assert from "node:assert/strict";
import { test } from "node:test";

import { hold, newPage } from "../lib/browser.js";
import { endedCall, events, openHostPage } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";
import { withTraps } from "../lib/wasm.js";

setUp();

const lastError = (page) => waitFor("the error", async () => (await events(page, "error")).at(-1));

/** Rates the call with the painted form, and checks the requests. */
async function rate(page, sid) {
  const form = widget(page);
  const sent = [];
  page.on("request", (request) => request.method() !== "GET" && sent.push(request));
  // Without a star, the browser's own validation stops the form.
  await form.send.click();
  assert.equal(
    await form.star(1).evaluate((star) => star.validity.valueMissing && star.getRootNode().activeElement === star),
    true,
  );
  assert.deepEqual(sent, []);

  await form.star(5).check();
  assert.equal(await form.issue("The call cut out").isVisible(), false);
  await form.star(2).check();
  await form.issue("The call cut out").check();
  await form.comment.fill("Hello?");
  await form.send.click();
  await form.thanks.waitFor();
  assert.equal(sent.length, 1);
  assert.equal(sent[0].method(), "POST");
  const headers = await sent[0].allHeaders();
  assert.match(headers["content-type"], /^application\/x-www-form-urlencoded/);
  // The request needs no preflight.
  assert.equal(headers.authorization, undefined);
  assert.equal(headers.cookie, undefined);
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: ["dropped-call"] });
  assert.equal(new URL(page.url()).pathname, "/softphone");
  assert.deepEqual((await events(page, "change")).at(-1), { score: 2, issues: ["dropped-call"] });
  assert.deepEqual(await events(page, "submitted"), [{ score: 2, issues: ["dropped-call"] }]);
}

test("a call is rated under a policy that forbids WebAssembly", async () => {
  const { sid, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  const policy = "default-src 'self'; script-src 'self'; style-src 'self'";
  await openHostPage(page, server, `<ringback-rating token="${token}"></ringback-rating>`, { policy });
  assert.equal((await lastError(page)).code, "no-wasm");
  await rate(page, sid);
});

test("a call is rated in a browser without WebAssembly", async () => {
  const { sid, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await openHostPage(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  assert.equal((await lastError(page)).code, "no-wasm");
  await rate(page, sid);
});

test("a call is rated without the code, and after attempts to send it that fail", async () => {
  const { sid, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  await page.route("**/*.wasm", (route) => route.abort());
  await openHostPage(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  assert.equal((await lastError(page)).code, "load");
  const form = widget(page);
  const again = page.getByRole("button", { name: "Try again" });
  await form.star(4).check();
  for (const [fault, code, status, problem] of [
    [(route) => route.abort(), "network", undefined, "check your connection"],
    [(route) => route.fulfill({ status: 503 }), "refused", 503, "server is busy"],
    [
      (route) => route.fulfill({ status: 400, json: { status: 400, message: "a test" } }),
      "refused",
      400,
      "not accepted",
    ],
    // Not from Ringback, whatever the status.
    [(route) => route.fulfill({ status: 400 }), "network", undefined, "check your connection"],
    [
      (route) => route.fulfill({ contentType: "text/html", body: "Sign in" }),
      "network",
      undefined,
      "check your connection",
    ],
    [(route) => route.fulfill({ json: { account_sid: "another" } }), "network", undefined, "check your connection"],
    [
      (route) => route.fulfill({ status: 302, headers: { Location: "/embed/ringback.js" } }),
      "network",
      undefined,
      "check",
    ],
  ]) {
    await page.route("**/Feedback.json", fault, { times: 1 });
    await page.evaluate(() => {
      recorded.length = 0;
    });
    await form.send.or(again).click();
    const error = await lastError(page);
    assert.deepEqual([error.code, error.status], [code, status]);
    await page.getByRole("alert").getByText(problem).waitFor();
    assert.equal(await form.thanks.isVisible(), false);
  }
  await again.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 4, issues: [] });
});

test("a required issue is required without the code, too", async () => {
  const { sid, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  await page.route("**/*.wasm", (route) => route.abort());
  await openHostPage(page, server, `<ringback-rating require-issue="2" token="${token}"></ringback-rating>`);
  await lastError(page);
  const form = widget(page);
  await form.star(2).check();
  await form.send.click();
  await page.getByText("Please choose at least one").waitFor();
  assert.equal(await server.account.rating(sid), undefined);
  await form.issue("The call cut out").check();
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: ["dropped-call"] });
});

test("a rating whose Send was pressed while the code loaded is sent without the code", async () => {
  const { sid, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  const code = await hold(page, "**/*.wasm", (route) => route.abort());
  await openHostPage(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  await widget(page).star(1).check();
  await widget(page).send.click();
  code.release();
  await widget(page).thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 1, issues: [] });
});

test("Escape dismisses a dialog without code", async () => {
  const { leg, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  await page.route("**/*.wasm", (route) => route.abort());
  await openHostPage(page, server, '<button>Rate</button><ringback-rating mode="dialog"></ringback-rating>');
  await page.evaluate((token) => {
    document.querySelector("button").onclick = () => document.querySelector("ringback-rating").open({ token });
  }, token);
  await page.getByRole("button", { name: "Rate" }).click();
  assert.equal((await lastError(page)).code, "load");
  await page.getByRole("dialog", { name: "How was your call?" }).waitFor();
  await widget(page).star(1).and(page.locator(":focus")).waitFor();
  await widget(page).star(3).check();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Rate" }).and(page.locator(":focus")).waitFor();
  await waitFor("the event", async () => (await events(page, "dismissed")).length);
  assert.deepEqual((await events(page)).at(-1), ["dismissed", leg]);
  assert.equal(await server.account.rating(leg.call), undefined);
  assert.equal(await page.getByRole("dialog").count(), 0);
});

/**
 * Makes functions of the widget's code trap: those that its JavaScript calls where `pattern` matches, by the group `name`.
 * The names are the shortened ones.
 */
async function trap(page, pattern) {
  const text = async (file) => (await fetch(`${server.endpoint}/embed/${file}`)).text();
  const glue = await text((await text("ringback.js")).match(/ringback-\w+\.js/)[0]);
  const names = new Set([...glue.matchAll(pattern)].map(({ groups }) => groups.name));
  await page.route("**/*.wasm", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: withTraps(await response.body(), (name) => names.has(name)) });
  });
}

test("a trap stops the elements of its module and nothing else", async () => {
  const [first, second] = [await endedCall(server), await endedCall(server)];
  const page = await newPage(await browser.newContext());
  await trap(page, /\breset\(\)\{\w+\.(?<name>\w+)\(/g);
  await openHostPage(
    page,
    server,
    `<ringback-rating id="a" token="${first.token}"></ringback-rating>
     <ringback-rating id="b" token="${second.token}"></ringback-rating>`,
  );
  await waitFor("both", async () => (await events(page, "asked")).length === 2);
  const [a, b] = ["#a", "#b"].map((id) => widget(page.locator(id)));
  await b.star(2).check();
  await b.issue("The call cut out").check();
  await b.comment.fill("Hello?");
  // The host's own code continues, even the code whose call trapped.
  const returned = await page.evaluate(() => {
    document.querySelector("#a").reset();
    return "returned";
  });
  assert.equal(returned, "returned");
  const errors = await events(page, "error");
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["trap", "trap"],
  );
  assert.match(errors[0].message, /unreachable/);

  assert.deepEqual([await b.star(2).isChecked(), await b.comment.inputValue()], [true, "Hello?"]);
  await b.send.click();
  await b.thanks.waitFor();
  assert.deepEqual(await server.account.rating(second.sid), { score: 2, issues: ["dropped-call"] });
  await a.star(5).check();
  await a.send.click();
  await a.thanks.waitFor();
  assert.deepEqual(await server.account.rating(first.sid), { score: 5, issues: [] });

  // The page's remaining listeners do not call the module again, and a new element works without it from the start.
  const third = await endedCall(server);
  await page.evaluate((token) => {
    dispatchEvent(new Event("online"));
    dispatchEvent(new Event("pagehide"));
    const element = document.createElement("ringback-rating");
    Object.assign(element, { id: "c", token });
    document.body.append(element);
    document.querySelector("#b").remove();
  }, third.token);
  await widget(page.locator("#c")).star(3).check();
  await waitFor("its event", async () => (await events(page, "error")).length === 3);
  await widget(page.locator("#c")).send.click();
  await widget(page.locator("#c")).thanks.waitFor();
  assert.equal((await server.account.rating(third.sid)).score, 3);
  assert.deepEqual(page.complaints, []);
  assert.deepEqual(page.warnings, ["ringback-error: RuntimeError: unreachable"]);
});

test("a trap in an event handler is noticed, too", async () => {
  const { sid, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  // The functions that event handlers call.
  await trap(page, /function \w+\((?<all>\w+(,\w+)+)\)\{\w+\.(?<name>\w+)\(\k<all>\)\}/g);
  await openHostPage(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  await waitFor("the form", async () => (await events(page, "asked")).length);
  await widget(page).star(2).check();
  assert.equal((await lastError(page)).code, "trap");
  assert.equal(await widget(page).star(2).isChecked(), true);
  await widget(page).send.click();
  await widget(page).thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: [] });
  assert.equal((await events(page, "error")).length, 1);
});

test("an error in other code is not taken for a trap", async () => {
  const { token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  await openHostPage(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  await waitFor("the form", async () => (await events(page, "asked")).length);
  await page.evaluate(() => {
    // A module whose start function is `unreachable`, and a listener that throws inside the widget's event.
    const other = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11];
    setTimeout(() => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(other))));
    document.addEventListener("ringback-change", () => {
      throw new Error("of the host");
    });
  });
  await waitFor("the trap", () => page.complaints.some((text) => text.includes("unreachable")));
  await widget(page).star(4).check();
  await waitFor("the host’s error", () => page.complaints.some((text) => text.includes("of the host")));
  assert.deepEqual(await events(page, "error"), []);
  await widget(page).send.click();
  await widget(page).thanks.waitFor();
});
