// What hosts do around a call: the form closes itself, says which call it is about, and gives way to the next call.
import assert from "node:assert/strict";
import { test } from "node:test";

import { assertQuiet, newPage } from "../lib/browser.js";
import { endedCall, events, formReady, openHostPage } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

setUp();

/** Opens a page with an element for an ended call. */
async function open(attributes = "", { token, ...call } = {}) {
  const ended = token ? { token, ...call } : await endedCall(server);
  const page = await newPage(await browser.newContext());
  await openHostPage(page, server, `<ringback-rating token="${ended.token}" ${attributes}></ringback-rating>`);
  await formReady(page);
  return { page, form: widget(page), ...ended };
}

const last = async (page, name) => (await events(page, name)).at(-1);

test("auto-close removes the form after thanks, and the next call shows one again", async () => {
  const { page, form } = await open('auto-close="0.2"');
  await form.star(5).check();
  await form.send.click();
  await waitFor("the event", async () => (await events(page, "submitted")).length);
  await form.stars.first().waitFor({ state: "detached" });
  // Another attribute of the same call does not bring it back.
  await page.evaluate(() => document.querySelector("ringback-rating").setAttribute("dismissible", ""));
  const next = await endedCall(server);
  await page.evaluate((token) => {
    document.querySelector("ringback-rating").token = token;
  }, next.token);
  await form.star(4).check();
  await form.send.click();
  await waitFor("the rating", async () => (await server.account.rating(next.sid))?.score === 4);
  assert.deepEqual(await events(page, "dismissed"), []);
  assertQuiet(page);
});

test("the form says which call is meant, and links to a page about privacy", async () => {
  const { page, token } = await open('privacy-href="https://example.com/privacy"');
  const next = await endedCall(server);
  const about = '<b onmouseover="alert(1)">Bob</b>, 3 min';
  await page.evaluate(({ token, about }) => document.querySelector("ringback-rating").open({ token, about }), {
    token: next.token,
    about,
  });
  await page.getByText(about, { exact: true }).waitFor();
  await widget(page).star(2).check();
  const link = page.getByRole("link", { name: "Privacy" });
  assert.equal(await link.getAttribute("href"), "https://example.com/privacy");
  // The next call has a line of its own, or none.
  await page.evaluate((token) => document.querySelector("ringback-rating").open({ token }), token);
  await page.getByText(about, { exact: true }).waitFor({ state: "detached" });
  assertQuiet(page);
});

test("a script address is no page about privacy", async () => {
  const { token } = await endedCall(server);
  const page = await newPage(await browser.newContext());
  const attributes = `privacy-href="javascript:alert(1)" token="${token}"`;
  await openHostPage(page, server, `<ringback-rating ${attributes}></ringback-rating>`);
  await waitFor("the error", async () => (await last(page, "error"))?.code === "bad-attribute");
  assert.equal(await widget(page).stars.count(), 0);
});

test("a form that gives way to another call sends its choice without the comment, and is no refusal to rate", async () => {
  for (const mode of ["inline", "dialog", "corner"]) {
    const { page, form, sid } = await open();
    await page.evaluate((mode) => {
      const element = document.querySelector("ringback-rating");
      Object.assign(element, { mode });
      element.open();
    }, mode);
    await form.star(2).check();
    await form.comment.fill("Do not tell anybody");
    await waitFor("the change", async () => (await events(page, "change")).length);
    const next = await endedCall(server);
    await page.evaluate((token) => document.querySelector("ringback-rating").open({ token }), next.token);
    await waitFor("the partial rating", async () => (await server.account.rating(sid))?.score === 2);
    assert.deepEqual(await waitFor("the event", () => last(page, "submitted")), {
      score: 2,
      issues: [],
      partial: true,
    });
    await form.star(5).check();
    assert.deepEqual(await events(page, "dismissed"), [], mode);
    const { dismissed_at } = await server.account.find({}).then((calls) => calls.find((call) => call.sid === sid));
    assert.ok(!dismissed_at, mode);
    const commented = await server.account.find({ has_comment: true });
    assert.deepEqual(
      commented.filter((call) => call.sid === sid),
      [],
    );
  }
});

test("close() and open() keep the choice, which is sent once", async () => {
  const { page, form, sid } = await open();
  await form.star(2).check();
  await form.issue("The call cut out").check();
  await form.comment.fill("Hello?");
  await page.evaluate(() => document.querySelector("ringback-rating").close());
  await form.stars.first().waitFor({ state: "detached" });
  await waitFor("the partial rating", () => server.account.rating(sid));
  const changes = (await events(page, "change")).length;
  await page.evaluate(() => document.querySelector("ringback-rating").open());
  await form.star(2).waitFor();
  assert.deepEqual(
    [await form.star(2).isChecked(), await form.issue("The call cut out").isChecked(), await form.comment.inputValue()],
    [true, true, "Hello?"],
  );
  await formReady(page);
  // Nobody has changed anything.
  assert.equal((await events(page, "change")).length, changes);
  await form.send.click();
  await form.thanks.waitFor();
  const commented = await server.account.find({ has_comment: true });
  assert.deepEqual(commented.map(({ feedback }) => feedback.comment).slice(-1), ["Hello?"]);
});

test("an element that is removed in its own change event still sends", async () => {
  const { page, form, sid } = await open();
  await page.evaluate(() =>
    document.addEventListener("ringback-change", () => document.querySelector("ringback-rating").remove()),
  );
  await form.star(3).click();
  await waitFor("the rating", async () => (await server.account.rating(sid))?.score === 3);
});

test("preload fetches the code without a form, and forget leaves nothing of the user but what was sent", async () => {
  const page = await newPage(await browser.newContext());
  await openHostPage(page, server, "");
  await page.evaluate(() => customElements.get("ringback-rating").preload());
  assert.equal(
    await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => /wasm$/.test(name)).length),
    1,
  );

  const [draft, sent] = [await endedCall(server), await endedCall(server)];
  await page.route("**/Feedback.json", (route) => route.abort());
  await page.evaluate(
    ([draft, sent]) => {
      document.body.innerHTML = `<ringback-rating id="draft" partial="off" opt-out token="${draft}"></ringback-rating>
        <ringback-rating id="sent" token="${sent}"></ringback-rating>`;
    },
    [draft.token, sent.token],
  );
  const [one, two] = ["#draft", "#sent"].map((id) => widget(page.locator(id)));
  await one.star(1).check();
  await two.star(4).check();
  await two.send.click();
  await waitFor("the queue", async () => (await events(page, "queued")).length);
  await page.evaluate(() => document.body.replaceChildren());
  const records = () =>
    page.evaluate(async () => {
      const request = indexedDB.open("ringback", 1);
      await new Promise((resolve) => {
        request.onsuccess = resolve;
      });
      const all = request.result.transaction(["outbox", "settled"]).objectStore("outbox").getAll();
      await new Promise((resolve) => {
        all.onsuccess = resolve;
      });
      request.result.close();
      return all.result.map(({ score }) => score);
    });
  await waitFor("both records", async () => (await records()).length === 2);
  await page.evaluate(() => customElements.get("ringback-rating").forget());
  assert.deepEqual(await records(), [4]);
  const left = await page.evaluate(() => [localStorage["ringback-leg"], localStorage["ringback-asked"]]);
  assert.deepEqual(left, ["", ""]);
  // What the user has sent arrives.
  await page.unroute("**/Feedback.json");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await waitFor("the rating", async () => (await server.account.rating(sent.sid))?.score === 4);
});

test("storage names no call", async () => {
  const { page, form, leg } = await open();
  await form.star(1).check();
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  assert.ok(!kept.includes(leg.call) && kept.includes("ringback-leg"), kept);
});
