// What happens to a rating on its way to Ringback.
import assert from "node:assert/strict";

import { captivePortal, offline, signIn } from "../faults.js";

/** Sends two stars while this happens to requests; the rating is kept. */
async function sendInVain(stage, fault, page = {}) {
  const { form, tab } = stage;
  await stage.open(page);
  stage.site.fault = fault;
  await tab.click(form.star(2));
  await tab.click(form.issue("dropped-call"));
  await tab.click(form.send());
  const { score, issues, reason } = await stage.event("queued");
  assert.deepEqual([score, issues, reason.code], [2, ["dropped-call"], "network"]);
  await form.says("Saved here.");
  assert.ok(stage.site.attempts > 0, "nothing was sent");
  assert.deepEqual(await stage.events("submitted"), []);
  await stage.isNotRated();
}

/** The same page sends the rating when requests arrive again. */
async function isSentAtLast(stage) {
  stage.site.fault = () => false;
  await stage.event("submitted");
  await stage.form.thanks();
  await stage.isRated(2, ["dropped-call"]);
}

/** Whether this comment is in the outbox. Runs in the page. */
const storedComment = (comment) =>
  new Promise((resolve) => {
    const request = indexedDB.open("ringback");
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = (event) => resolve(event.preventDefault());
    request.onsuccess = () => {
      const all = request.result.transaction("outbox").objectStore("outbox").getAll();
      all.onsuccess = () => resolve(all.result.some((item) => item.comment === comment));
      request.result.close();
    };
  });

export const delivery = {
  async "a rating without network is kept and sent later"(stage) {
    await sendInVain(stage, offline);
    await isSentAtLast(stage);
  },

  async "a later page of the host sends what is left"(stage) {
    await sendInVain(stage, offline);
    stage.site.fault = () => false;
    stage.serve({ path: "/later", body: "No form here" });
    await stage.goto("/later");
    await stage.willBeRated(2, ["dropped-call"]);
  },

  async "the page of a captive portal is no acknowledgement"(stage) {
    await sendInVain(stage, captivePortal);
    await isSentAtLast(stage);
  },

  async "a redirect to a sign-in page is no acknowledgement"(stage) {
    await sendInVain(stage, signIn);
    await isSentAtLast(stage);
  },

  async "a choice is sent when the user leaves the page"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.click(form.star(3));
    await tab.click(form.issue("audio-latency"));
    await form.isLitUpTo(3);
    await stage.isNotRated();
    stage.serve({ path: "/elsewhere", body: "No form here" });
    await stage.goto("/elsewhere");
    await stage.willBeRated(3, ["audio-latency"]);
  },

  async "a choice is sent when the host removes the form in its own event"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.evaluate(() => document.addEventListener("ringback-change", ({ target }) => target.remove()));
    await tab.click(form.star(3));
    await stage.willBeRated(3);
    assert.deepEqual(await stage.events("error"), []);
    await stage.isQuiet();
  },

  async "open() shows the choice that was there before close()"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.click(form.star(2));
    await tab.click(form.issue("dropped-call"));
    await form.write("Hello?");
    await tab.evaluate(() => document.querySelector("ringback-rating").close());
    assert.deepEqual(await form.texts(), []);
    await tab.evaluate(() => document.querySelector("ringback-rating").open());
    await stage.event("ready", 2);
    await form.isLitUpTo(2);
    assert.equal(await form.isTicked("dropped-call"), true);
    assert.deepEqual(await tab.each(form.comment(), (comment) => comment.value), ["Hello?"]);
    await tab.click(form.send());
    await stage.event("submitted");
    await form.thanks();
    await stage.isRated(2, ["dropped-call"]);
    assert.equal(await stage.comment(), "Hello?");
  },

  async "a draft is there after a reload, and with partial=off it is not sent"(stage) {
    const { form, tab } = stage;
    await stage.open({ attributes: 'partial="off"' });
    await tab.click(form.star(2));
    await tab.click(form.issue("dropped-call"));
    await form.write("Hello?");
    // A person is slower than the database.
    await tab.waitFor("the draft to be stored", storedComment, "Hello?");
    await tab.reload();
    await stage.event("ready");
    await form.isLitUpTo(2);
    assert.equal(await form.isTicked("dropped-call"), true);
    assert.deepEqual(await tab.each(form.comment(), (comment) => comment.value), ["Hello?"]);
    assert.equal(stage.site.attempts, 0);
    await tab.click(form.send());
    await form.thanks();
    await stage.isRated(2, ["dropped-call"]);
    assert.equal(await stage.comment(), "Hello?");
  },
};
