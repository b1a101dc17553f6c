// The form between the script tag and the arrival of its code.
import assert from "node:assert/strict";
import { test } from "node:test";

import { assertQuiet, hold, newPage } from "../lib/browser.js";
import { endedCall, events, openHostPage } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

setUp();

const setToken = (page, token) =>
  page.evaluate((token) => {
    document.querySelector("ringback-rating").token = token;
  }, token);

const ready = (page) => waitFor("the code", async () => (await events(page, "ready")).length);

test("a choice that is made while the code loads is kept, and nothing moves", async () => {
  const { sid, leg, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  const code = await hold(page, "**/*.wasm");
  await openHostPage(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  const form = widget(page);
  await form.star(2).check();
  await page.getByText("Poor", { exact: true }).waitFor();
  await form.issue("The call cut out").check();
  await form.comment.fill("Hello?");
  // Records the position of every star in every frame until the end.
  await page.evaluate(() => {
    globalThis.positions = new Set();
    const look = () => {
      const stars = document.querySelector("ringback-rating").shadowRoot.querySelectorAll(".rb-star");
      const boxes = [...stars].map((star) =>
        Object.values(star.getBoundingClientRect().toJSON()).map(Math.round).join(),
      );
      globalThis.positions.add(boxes.filter((box) => !box.startsWith("0,0,0,0")).join(" "));
      requestAnimationFrame(look);
    };
    look();
  });
  await waitFor("a frame", () => page.evaluate(() => globalThis.positions.size));
  assert.deepEqual(await events(page), []);
  code.release();
  await ready(page);
  await waitFor("the choice", async () => (await events(page, "change")).length);

  assert.deepEqual(
    [await form.star(2).isChecked(), await form.issue("The call cut out").isChecked(), await form.comment.inputValue()],
    [true, true, "Hello?"],
  );
  await form.comment.and(page.locator(":focus")).waitFor();
  assert.equal(await form.stars.count(), 5);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal(await page.evaluate(() => globalThis.positions.size), 1);
  assert.deepEqual((await events(page)).slice(0, 2), [
    ["ready", {}],
    ["asked", leg],
  ]);
  assert.deepEqual((await events(page, "change")).at(-1), { score: 2, issues: ["dropped-call"] });

  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: ["dropped-call"] });
  const commented = await server.account.find({ has_comment: true });
  assert.deepEqual(
    commented.map(({ feedback }) => feedback.comment),
    ["Hello?"],
  );
  assertQuiet(page);
});

/** Opens a form whose code is held back; `posts` collects the requests that send its rating. */
async function openEarly(attributes = "", context) {
  const { sid, token } = await endedCall(server);
  const page = await newPage(context ?? (await browser.newContext()));
  const code = await hold(page, "**/*.wasm");
  const posts = [];
  page.on("request", (request) => request.url().endsWith("/Feedback.json") && posts.push(request));
  await openHostPage(page, server, `<ringback-rating ${attributes} token="${token}"></ringback-rating>`);
  const rating = () => server.account.rating(sid);
  return { page, form: widget(page), code, posts, rating };
}

test("Send does not wait for the code, and the code does not send again", async () => {
  const { page, form, code, posts, rating } = await openEarly();
  await form.star(5).check();
  await form.send.click();
  await page.getByRole("button", { name: "Sending…" }).waitFor();
  assert.deepEqual(await waitFor("the rating", rating), { score: 5, issues: [] });
  assert.equal(await form.thanks.isVisible(), false);
  code.release();
  await form.thanks.waitFor();
  assert.equal(posts.length, 1);
  const rated = { score: 5, issues: [] };
  assert.deepEqual([await events(page, "change"), await events(page, "submitted")], [[rated], [rated]]);
  // A later choice has a higher revision.
  await page.getByRole("button", { name: "Change rating" }).click();
  await form.star(4).check();
  await form.send.click();
  await form.thanks.waitFor();
  assert.equal((await rating()).score, 4);
  assertQuiet(page);
});

test("a choice after an early Send counts", async () => {
  const { form, code, posts, rating } = await openEarly();
  await form.star(5).check();
  await form.send.click();
  await waitFor("the rating", rating);
  await form.star(2).check();
  code.release();
  await form.thanks.waitFor();
  assert.deepEqual([posts.length, await rating()], [2, { score: 2, issues: [] }]);
});

test("the code retries an early Send that failed", async () => {
  for (const fault of [(route) => route.abort(), (route) => route.fulfill({ status: 503 })]) {
    const { page, form, code, posts, rating } = await openEarly();
    await page.route("**/Feedback.json", fault, { times: 1 });
    await form.star(3).check();
    await form.send.click();
    await waitFor("the first attempt", () => posts.length);
    assert.equal(await rating(), undefined);
    code.release();
    await form.thanks.waitFor();
    assert.deepEqual([posts.length, await rating()], [2, { score: 3, issues: [] }]);
    assert.deepEqual(await events(page, "error"), []);
  }
});

test("an early Send of an incomplete rating waits for the code", async () => {
  const { page, form, code, posts, rating } = await openEarly('require-issue="2"');
  await form.star(2).check();
  await form.send.click();
  code.release();
  await page.getByText("Please choose at least one").waitFor();
  assert.equal(posts.length, 0);
  await form.issue("The call cut out").check();
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await rating(), { score: 2, issues: ["dropped-call"] });
});

test("an early Send is newer than a rating that an earlier page left in the queue", async () => {
  const context = await browser.newContext();
  const { sid, token } = await endedCall(server);
  const body = `<ringback-rating token="${token}"></ringback-rating>`;
  const before = await newPage(context);
  await openHostPage(before, server, body);
  await waitFor("the form", async () => (await events(before, "asked")).length);
  await context.setOffline(true);
  await widget(before).star(1).check();
  await widget(before).send.click();
  await waitFor("the queue", async () => (await events(before, "queued")).length);
  await before.close();
  await context.setOffline(false);

  const page = await newPage(context);
  const code = await hold(page, "**/*.wasm");
  await openHostPage(page, server, body);
  const response = page.waitForResponse("**/Feedback.json");
  await widget(page).star(4).check();
  await widget(page).send.click();
  await response;
  code.release();
  await widget(page).thanks.waitFor();
  // No request is pending.
  await waitFor("the queue to be empty", () => page.evaluate(() => !localStorage["ringback-waiting"]));
  assert.equal((await server.account.rating(sid)).score, 4);
});

test("a choice is sent when the page is left before the code arrives, but not after a dismissal", async () => {
  for (const [attributes, dismiss, expected] of [
    ["", false, { score: 3, issues: [] }],
    ['partial="off"', false],
    ["dismissible", true],
  ]) {
    const { sid, token } = await endedCall(server);
    const page = await newPage(await browser.newContext());
    await page.route("**/*.wasm", () => {});
    // Counts POST requests across the navigation.
    await page.addInitScript(() => {
      const { fetch } = globalThis;
      globalThis.fetch = (url, init) => {
        if (init?.method === "POST") sessionStorage.posted = `${sessionStorage.posted ?? ""}.`;
        return fetch(url, init);
      };
    });
    await openHostPage(page, server, `<ringback-rating ${attributes} token="${token}"></ringback-rating>`);
    await widget(page).star(3).check();
    assert.equal(await page.getByText("If you leave this page").isVisible(), attributes !== 'partial="off"');
    if (dismiss) {
      await page.getByRole("button", { name: "Not now" }).click();
      assert.deepEqual(await events(page), [["dismissed", { account: server.account.sid, call: sid }]]);
      assert.equal(await widget(page).star(3).isVisible(), false);
    }
    await page.goto(`${server.endpoint}/healthz`);
    if (expected) await waitFor("the rating", () => server.account.rating(sid));
    assert.equal(await page.evaluate(() => sessionStorage.posted), expected && ".");
    assert.deepEqual(await server.account.rating(sid), expected);
  }
});

test("a choice counts for its own call when the next call’s token arrives", async () => {
  const [last, next] = [await endedCall(server), await endedCall(server)];
  const page = await newPage(await browser.newContext());
  await page.route("**/*.wasm", () => {});
  await openHostPage(page, server, `<ringback-rating token="${last.token}"></ringback-rating>`);
  await widget(page).star(1).check();
  await setToken(page, next.token);
  await waitFor("the rating", () => server.account.rating(last.sid));
  assert.equal(await widget(page).star(1).isChecked(), false);
  assert.equal(await widget(page).stars.count(), 5);
  assert.equal(await server.account.rating(next.sid), undefined);
  assertQuiet(page);
});

test("nothing is fetched until there is a call to ask about, and then both files at once", async () => {
  const { token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  const requests = [];
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
  const glue = await hold(page, /ringback-\w+\.js$/);
  const wasm = await hold(page, "**/*.wasm");
  await openHostPage(page, server, "<ringback-rating></ringback-rating>");
  await page.evaluate(() => customElements.whenDefined("ringback-rating"));
  assert.deepEqual(
    requests.filter((path) => path.startsWith("/embed/")),
    ["/embed/ringback.js"],
  );
  await setToken(page, token);
  await waitFor("both", () => glue.count() > 0 && wasm.count() > 0);
  await widget(page).star(1).waitFor();
  glue.release();
  wasm.release();
  await ready(page);
  assertQuiet(page);
});

test("when the code cannot be fetched, the next form tries again", async () => {
  const [first, second] = [await endedCall(server), await endedCall(server)];
  for (const files of [/ringback-\w+\.js$/, "**/*.wasm"]) {
    const page = await newPage(await browser.newContext());
    await page.route(files, (route, request) => route.fulfill({ status: 503, body: request.url() }), { times: 1 });
    await openHostPage(page, server, `<ringback-rating token="${first.token}"></ringback-rating>`);
    await waitFor("the error", async () => (await events(page, "error")).length);
    await setToken(page, second.token);
    await ready(page);
    await widget(page).star(4).check();
    await widget(page).send.click();
    await widget(page).thanks.waitFor();
    assert.equal((await server.account.rating(second.sid)).score, 4);
  }
});

const QUESTIONS = {
  en: "How was your call?",
  de: "Wie war",
  fr: "Comment",
  pt: "Como foi",
  simplified: "您对这次通话满意吗？",
  traditional: "您覺得這次通話如何？",
};

test("the language is the element’s, else the page’s, else the browser’s", async () => {
  const { token } = await endedCall(server);
  for (const [locale, lang, body, expected] of [
    ["en-GB", "en", `<p lang="de-AT"><ringback-rating token="${token}"></ringback-rating></p>`, QUESTIONS.de],
    ["de-DE", "fr", `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.fr],
    ["de-DE", "en", `<ringback-rating token="${token}" lang="fr"></ringback-rating>`, QUESTIONS.fr],
    ["de-DE", "", `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.de],
    ["sv-SE", "fi", `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.en],
    ["de-DE", "pt_BR", `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.pt],
    ["zh-TW", "", `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.traditional],
    ["de-DE", "zh_HK", `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.traditional],
    ["zh-TW", "zh-Hans-HK", `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.simplified],
    ["zh-CN", "", `<ringback-rating token="${token}"></ringback-rating>`, QUESTIONS.simplified],
  ]) {
    const page = await newPage(await browser.newContext({ locale }));
    await openHostPage(page, server, body, { lang });
    await page.getByText(expected).first().waitFor();
    await ready(page);
    assert.equal(await page.getByText(expected).count(), 1, `${locale} ${lang}`);
    assertQuiet(page);
    await page.context().close();
  }
});

test("no text is shown until its language has loaded; if that fails, the text is English", async () => {
  const { token } = await endedCall(server);
  const body = `<ringback-rating token="${token}" lang="de"></ringback-rating>`;
  let page = await newPage(await browser.newContext());
  const german = await hold(page, "**/de-*.json");
  await openHostPage(page, server, body);
  await waitFor("the request", () => german.count());
  assert.equal(await page.evaluate(() => document.querySelector("ringback-rating").shadowRoot.textContent), "");
  german.release();
  await page.getByText(QUESTIONS.de).waitFor();
  await ready(page);
  assertQuiet(page);

  page = await newPage(await browser.newContext());
  await page.route("**/de-*.json", (route) => route.abort());
  await openHostPage(page, server, body);
  await page.getByText(QUESTIONS.en).waitFor();
  await ready(page);
});

test("a host can replace texts", async () => {
  const { token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  await openHostPage(page, server, '<ringback-rating lang="de"></ringback-rating>');
  await page.evaluate((token) => {
    const element = document.querySelector("ringback-rating");
    element.texts = { question: "Kaffee & <Kuchen>?" };
    element.token = token;
  }, token);
  await page.getByText("Kaffee & <Kuchen>?").waitFor();
  await ready(page);
  assert.equal(await page.getByText("Kaffee & <Kuchen>?").count(), 1);
  assertQuiet(page);
});

test("a bad attribute disables its element and is named in an error; corrected, the element works", async () => {
  const { token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  await openHostPage(page, server, `<ringback-rating lang="xx"></ringback-rating>`);
  const bad = {
    mode: "popup",
    partial: "no",
    endpoint: "ftp://ringback.example",
    sample: "7",
    "cool-down": "a day",
    "always-below": "1e",
    "always-above": "x",
    "require-issue": "5",
  };
  for (const [name, value] of Object.entries(bad)) {
    const state = await page.evaluate(
      async ({ name, value, token }) => {
        recorded.length = 0;
        const element = document.querySelector("ringback-rating");
        element.setAttribute(name, value);
        element.token = token;
        await new Promise((resolve) => setTimeout(resolve));
        return { recorded, shown: element.shadowRoot.innerHTML };
      },
      { name, value, token },
    );
    const [[event, { code, message }], ...more] = state.recorded;
    assert.deepEqual([event, code, more, state.shown], ["error", "bad-attribute", [], ""]);
    assert.ok(message.includes(`${name}="${value}"`) && /does not match ./.test(message), message);
    await page.evaluate((name) => document.querySelector("ringback-rating").removeAttribute(name), name);
    await widget(page).star(1).waitFor();
    await setToken(page, null);
    await widget(page).star(1).waitFor({ state: "detached" });
  }
});
