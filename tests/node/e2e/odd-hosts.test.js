// Pages that do what pages should not, browsers that lack something, and clocks that are wrong.
import assert from "node:assert/strict";
import { test } from "node:test";

import { newPage } from "../lib/browser.js";
import { endedCall, events, formReady, openHostPage } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

setUp();

/** Opens a page with an element for an ended call. `prepare` runs in the page before anything else. */
async function open(attributes = "", { prepare, body = (element) => element, ...options } = {}) {
  const ended = await endedCall(server);
  const context = await browser.newContext(options.context);
  const page = await newPage(context);
  if (prepare) await page.addInitScript(prepare);
  const element = `<ringback-rating token="${ended.token}" ${attributes}></ringback-rating>`;
  await openHostPage(page, server, body(element), options);
  return { page, form: widget(page), ...ended };
}

async function rate({ page, form, sid }, score = 2) {
  await form.star(score).check();
  await form.send.click();
  await form.thanks.waitFor();
  assert.equal((await server.account.rating(sid)).score, score);
  assert.deepEqual(page.complaints, []);
}

test("a browser without navigator.languages gets a form", async () => {
  const opened = await open("", {
    prepare: () => Object.defineProperty(Navigator.prototype, "languages", { get: () => undefined }),
  });
  await rate(opened);
});

test("a language tag with an underscore, or of three letters, is understood or passed over", async () => {
  for (const [lang, question] of [
    ["pt_BR", "Como foi a sua chamada?"],
    ["de-AT", "Wie war Ihr Anruf?"],
    ["deu", "Wie war Ihr Anruf?"],
    ["de_DE.UTF-8", "Wie war Ihr Anruf?"],
    ["fil", "How was your call?"],
    ["constructor", "How was your call?"],
  ]) {
    const { page } = await open("", { lang });
    await widget(page).stars.first().waitFor();
    const legend = await page.evaluate(
      () => document.querySelector("ringback-rating").shadowRoot.querySelector("legend").textContent,
    );
    assert.equal(legend, question, lang);
  }
});

test("a duration that is no duration does not keep the form from asking", async () => {
  for (const duration of ["NaN", "-2", "Infinity"]) {
    const { form } = await open(`always-below="10" duration="${duration}"`);
    await form.stars.first().waitFor();
  }
});

test('a switch that a framework sets to "false" is off', async () => {
  const { page, form } = await open('dismissible="false" opt-out="false" auto-send="false"');
  await formReady(page);
  await form.star(5).check();
  assert.equal(await page.getByRole("button", { name: "Not now" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Don’t ask again" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0);
  await page.evaluate(() => {
    document.querySelector("ringback-rating").dismissible = true;
  });
  await page.getByRole("button", { name: "Not now" }).waitFor();
});

test("an invisible ancestor hides the form, and takes no clicks for it", async () => {
  for (const style of ["visibility: hidden", "pointer-events: none"]) {
    const { page } = await open("", { body: (element) => `<div style="${style}">${element}</div>` });
    await formReady(page);
    const seen = await page.evaluate(() => {
      const form = document.querySelector("ringback-rating").shadowRoot.querySelector(".rb");
      const { left, top } = form.getBoundingClientRect();
      const { visibility } = getComputedStyle(form);
      return (
        visibility === "visible" && document.elementFromPoint(left + 20, top + 20)?.localName === "ringback-rating"
      );
    });
    assert.equal(seen, false, style);
  }
});

test("a form that is not rendered is not counted as asked until it is", async () => {
  const { page, sid } = await open("", { body: (element) => `<div id="panel" hidden>${element}</div>` });
  await waitFor("the code", async () => (await events(page, "ready")).length);
  // A request of another element would come after one of this element.
  const other = await endedCall(server);
  await page.evaluate((token) => {
    const element = document.createElement("ringback-rating");
    document.body.append(Object.assign(element, { id: "other", token }));
  }, other.token);
  await waitFor("the other form", async () => (await events(page, "asked")).length);
  assert.deepEqual(await events(page, "asked"), [other.leg]);
  await page.evaluate(() => {
    document.querySelector("#panel").hidden = false;
  });
  await waitFor("the form", async () => (await events(page, "asked")).some(({ call }) => call === sid));
});

test("a dialog in an element that is not rendered does not block the page", async () => {
  const { page, token } = await open("", {
    body: () => '<button>Call</button><div hidden><ringback-rating mode="dialog">',
  });
  await page.evaluate((token) => document.querySelector("ringback-rating").open({ token }), token);
  await waitFor("the error", async () => (await events(page, "error")).some(({ code }) => code === "not-rendered"));
  await page.getByRole("button", { name: "Call" }).click({ timeout: 5000 });
});

test("a missing token is reported, and a late one shows the form", async () => {
  const page = await newPage(await browser.newContext());
  await openHostPage(page, server, "<ringback-rating></ringback-rating>");
  await waitFor("the event", async () => (await events(page, "skipped")).length);
  assert.deepEqual(await events(page, "skipped"), [{ reason: "no-token" }]);
  const { sid, token } = await endedCall(server);
  await page.evaluate((token) => {
    document.querySelector("ringback-rating").token = token;
  }, token);
  await rate({ page, form: widget(page), sid });
});

test("a mistake of the signer is reported in the server’s words, once on the console, and nothing is promised", async () => {
  const { page, form, token } = await open();
  await formReady(page);
  const [head, claims] = token.split(".");
  await page.evaluate((token) => {
    document.querySelector("ringback-rating").token = token;
  }, `${head}.${claims}.AAAA`);
  await form.star(2).check();
  await form.send.click();
  await page.getByRole("alert").getByText("This call can no longer be rated.").waitFor();
  const errors = await events(page, "error");
  assert.ok(errors.length > 0);
  for (const { code, status, message } of errors) {
    assert.deepEqual([code, status], ["bad-token", 401]);
    assert.match(message, /not signed with the secret of its iss/);
  }
  assert.deepEqual(page.warnings, [`ringback-error: ${errors[0].message}`]);
  assert.equal(await page.getByText(/saved here/i).isVisible(), false);
  assert.deepEqual(await events(page, "queued"), []);
  // The right token sends what the user has sent.
  await page.evaluate((token) => {
    document.querySelector("ringback-rating").token = token;
  }, token);
  await form.thanks.waitFor();
});

test("an expired token is waited for", async () => {
  const { page, form, sid, token } = await open();
  await formReady(page);
  const expired = { status: 401, json: { status: 401, code: 20104, message: "The rating token has expired" } };
  await page.route("**/Feedback.json", (route) => route.fulfill(expired), { times: 1 });
  await form.star(4).check();
  await form.send.click();
  await page.getByText("Saved here. It will be sent as soon as possible.").waitFor();
  const [{ call, reason }] = await events(page, "token-needed");
  assert.deepEqual([call, reason.status, reason.message], [sid, 401, "The rating token has expired"]);
  const renewed = await server.account.ratingToken({ call: sid });
  assert.notEqual(renewed, token);
  await page.evaluate((token) => {
    document.querySelector("ringback-rating").token = token;
  }, renewed);
  await form.thanks.waitFor();
  assert.equal((await server.account.rating(sid)).score, 4);
});

test("a database that never opens, or whose store is locked, does not keep a rating from being sent", async () => {
  const never = () => {
    IDBFactory.prototype.open = () => ({});
  };
  await rate(await open("", { prepare: never }));

  const opened = await open("");
  await formReady(opened.page);
  await opened.page.evaluate(async () => {
    const request = indexedDB.open("ringback", 1);
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    const store = request.result.transaction("outbox", "readwrite").objectStore("outbox");
    // Keeps the transaction open for as long as the page lives.
    const hold = () => {
      store.get("x").onsuccess = hold;
    };
    hold();
  });
  await rate(opened);
});

for (const [name, first, second] of [
  ["ahead", 365, 0],
  ["behind", -365, 0],
  ["set back", 0, -365],
]) {
  test(`a clock that is a year off loses and delays nothing: ${name}`, async () => {
    const { sid, token } = await endedCall(server);
    const context = await browser.newContext();
    const visit = async (days) => {
      const page = await newPage(context);
      await page.addInitScript((offset) => {
        const now = Date.now;
        Date.now = () => now() + offset;
      }, days * 86_400_000);
      return page;
    };
    let page = await visit(first);
    await page.route("**/Feedback.json", (route) => route.fulfill({ status: 503 }));
    const element = `<ringback-rating cool-down="3600" token="${token}"></ringback-rating>`;
    await openHostPage(page, server, element);
    await widget(page).star(1).check();
    await widget(page).send.click();
    await waitFor("the queue", async () => (await events(page, "queued")).length);
    await page.close();

    page = await visit(second);
    const next = await endedCall(server);
    await openHostPage(page, server, element.replace(token, next.token));
    await waitFor("the rating", async () => (await server.account.rating(sid))?.score === 1);
  });
}

test("a module whose import failed is fetched under another address", async () => {
  const { sid, token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  const modules = /\/ringback-\w+\.js/;
  await page.route(modules, (route) => route.abort(), { times: 1 });
  await openHostPage(page, server, `<ringback-rating token="${token}"></ringback-rating>`);
  await waitFor("the error", async () => (await events(page, "error")).some(({ code }) => code === "load"));
  await page.evaluate(() => {
    const element = document.querySelector("ringback-rating");
    element.close();
    element.open();
  });
  await formReady(page);
  await waitFor("the code", async () => (await events(page, "ready")).length);
  await widget(page).star(5).check();
  await widget(page).send.click();
  await widget(page).thanks.waitFor();
  assert.equal((await server.account.rating(sid)).score, 5);
});

test("a page that requires trusted types without the policy gets an event that says so", async () => {
  const { token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  const policy = "require-trusted-types-for 'script'; trusted-types 'none'";
  await openHostPage(page, server, `<ringback-rating token="${token}"></ringback-rating>`, { policy });
  const error = await waitFor("the error", async () => (await events(page, "error")).at(-1));
  assert.equal(error.code, "policy");
  assert.match(page.warnings.join(), /ringback-error: the form cannot be created/);
});

test("a browser without light-dark() shows the stars and the button", async () => {
  const { page, form } = await open("", {
    prepare: () => {
      const { replaceSync } = CSSStyleSheet.prototype;
      // As a browser that does not know the function sees the stylesheet.
      CSSStyleSheet.prototype.replaceSync = function (text) {
        return replaceSync.call(this, text.replaceAll("light-dark(", "unknown("));
      };
    },
  });
  await form.star(3).check();
  const colors = await page.evaluate(() => {
    const root = document.querySelector("ringback-rating").shadowRoot;
    const star = getComputedStyle(root.querySelector(".rb-star svg"));
    const button = getComputedStyle(root.querySelector("[part=button]"));
    return [star.fill, star.stroke, button.backgroundColor, button.color];
  });
  assert.deepEqual(colors, ["rgb(246, 166, 9)", "rgb(184, 110, 0)", "rgb(36, 87, 214)", "rgb(255, 255, 255)"]);
});

test("the element moves to a Document-Picture-in-Picture window and back", async () => {
  const opened = await open("", { body: (element) => `<button id="pop">Pop out</button>${element}` });
  const { page, form, sid } = opened;
  await formReady(page);
  await form.star(4).check();
  await page.evaluate(() => {
    document.querySelector("#pop").onclick = async () => {
      globalThis.pip = await documentPictureInPicture.requestWindow({ width: 440, height: 640 });
      globalThis.pip.document.body.append(document.querySelector("ringback-rating"));
    };
  });
  const windowOpened = page.context().waitForEvent("page");
  await page.click("#pop");
  const pip = await windowOpened;
  assert.equal(await widget(pip).star(4).isChecked(), true);
  const fill = (window) =>
    window.evaluate(() => {
      const { shadowRoot } = document.querySelector("ringback-rating");
      return getComputedStyle(shadowRoot.querySelector(".rb-star svg")).fill;
    });
  assert.notEqual(await fill(pip), "rgba(0, 0, 0, 0)");
  // The user's choice and the way to send it come along, in both directions.
  await widget(pip).star(2).check();
  await page.evaluate(() => document.body.append(globalThis.pip.document.querySelector("ringback-rating")));
  assert.equal(await form.star(2).isChecked(), true);
  assert.notEqual(await fill(page), "rgba(0, 0, 0, 0)");
  await page.evaluate(() => globalThis.pip.document.body.append(document.querySelector("ringback-rating")));
  await widget(pip).send.click();
  await widget(pip).thanks.waitFor();
  assert.equal((await server.account.rating(sid)).score, 2);
  assert.deepEqual(page.complaints, []);
});
