// The main path: a user rates a call in a browser, the API returns the rating, and the dashboard counts it.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { assertQuiet, mouseClick, newPage, tabTo } from "../lib/browser.js";
import { dashboard, softphone, widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

let manager, board, caller;

setUp({ demo: true }, async () => {
  manager = await newPage(await browser.newContext());
  board = dashboard(manager, server.endpoint);
  await board.signIn(server.signInLink);
});

beforeEach(async () => {
  caller = await newPage(await browser.newContext());
  await caller.goto(`${server.endpoint}/demo`);
});
afterEach(async () => {
  assertQuiet(caller);
  assertQuiet(manager);
  await caller.context().close();
});

/** Rates a call with `rate`, which returns the call and the rating, and asserts that the rating arrives everywhere. */
async function assertRatingArrives(rate) {
  const before = await board.figures();
  const { call, given } = await rate(softphone(caller), widget(caller));
  await widget(caller).thanks.waitFor();

  assert.equal(call.account_sid, server.account.sid);
  assert.deepEqual(await server.account.rating(call.call_sid), given);
  const expected = { calls: before.calls + 1, asked: before.asked + 1, rated: before.rated + 1 };
  assert.deepEqual(await board.figures(), expected);
}

test("a rating given with the mouse arrives everywhere", () =>
  assertRatingArrives(async (phone, form) => {
    await mouseClick(caller, phone.call);
    await phone.hangUp.waitFor();
    const call = await phone.ended(() => mouseClick(caller, phone.hangUp));
    await form.drawnStar(4).waitFor();
    await mouseClick(caller, form.drawnStar(4));
    await mouseClick(caller, form.issue("The call cut out"));
    await mouseClick(caller, form.send);
    return { call, given: { score: 4, issues: ["dropped-call"] } };
  }));

test("a rating given with the keyboard alone arrives everywhere", () =>
  assertRatingArrives(async (phone, form) => {
    const { keyboard } = caller;
    await tabTo(caller, phone.call);
    await keyboard.press("Enter");
    await phone.hangUp.waitFor();
    await tabTo(caller, phone.hangUp);
    const call = await phone.ended(() => keyboard.press("Enter"));

    await form.stars.first().waitFor();
    await tabTo(caller, form.star(1));
    await keyboard.press("Space");
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    assert.ok(await form.star(3).isChecked());
    for (const issue of ["Noise, echo or gaps", "Only one side was heard"]) {
      await tabTo(caller, form.issue(issue));
      await keyboard.press("Space");
    }
    await tabTo(caller, form.comment);
    await keyboard.type("I could not hear her.");
    await tabTo(caller, form.send);
    await keyboard.press("Enter");
    return { call, given: { score: 3, issues: ["imperfect-audio", "one-way-audio"] } };
  }));

test("a rating that is changed counts once", async () => {
  const before = await board.figures();
  const [phone, form] = [softphone(caller), widget(caller)];
  await phone.call.click();
  const call = await phone.ended(() => phone.hangUp.click());
  await form.drawnStar(1).waitFor();
  await mouseClick(caller, form.drawnStar(1));
  await form.send.click();
  await form.thanks.waitFor();
  await caller.getByRole("button", { name: "Change rating" }).click();
  await mouseClick(caller, form.drawnStar(5));
  await form.send.click();
  await waitFor("the changed rating", async () => (await server.account.rating(call.call_sid)).score === 5);
  assert.equal((await board.figures()).rated, before.rated + 1);
});
