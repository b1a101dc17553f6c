// The options auto-send, require-issue and opt-out.
import assert from "node:assert/strict";
import { test } from "node:test";

import { assertQuiet, isFocused, mouseClick } from "../lib/browser.js";
import { openForm } from "../lib/host-page.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

setUp();

const pending = (page) => page.getByRole("status").filter({ hasText: "Your rating will be sent in a moment." });
const undo = (page) => page.getByRole("button", { name: "Undo" });

test("with auto-send the fifth star is sent after a moment", async (t) => {
  const { page, form, sid, events } = await openForm(t, browser, server, { attributes: "auto-send" });
  const from = Date.now();
  await mouseClick(page, form.drawnStar(5));
  await pending(page).waitFor();
  await undo(page).waitFor();
  assert.equal(await server.account.rating(sid), undefined);
  await form.thanks.waitFor();
  assert.ok(Date.now() - from >= 3000, "there was no time to undo it");
  assert.deepEqual(await server.account.rating(sid), { score: 5, issues: [] });
  assert.deepEqual(
    (await events()).map(([name]) => name),
    ["change", "submitted"],
  );
  assert.ok(!(await undo(page).isVisible()));
  assertQuiet(page);
});

test("auto-send does not send a rating that was undone or changed", async (t) => {
  const changes = {
    Undo: (page) => undo(page).click(),
    "another star": (page, form) => mouseClick(page, form.drawnStar(4)),
    "a comment": (_, form) => form.comment.fill("Thanks"),
  };
  // Concurrently, because each would wait three seconds.
  await Promise.all(
    Object.entries(changes).map(async ([name, change]) => {
      const { page, form, sid, events } = await openForm(t, browser, server, { attributes: "auto-send" });
      await page.clock.install();
      await mouseClick(page, form.drawnStar(5));
      await pending(page).waitFor();
      await change(page, form);
      await pending(page).waitFor({ state: "detached" });
      assert.ok(!(await undo(page).isVisible()), name);
      await page.clock.fastForward(10_000);
      assert.ok(!(await form.thanks.isVisible()), name);
      assert.ok(
        (await events()).every(([event]) => event === "change"),
        name,
      );
      assert.equal(await server.account.rating(sid), undefined, name);
      // Send still works.
      await form.send.click();
      await form.thanks.waitFor();
      assert.equal((await server.account.rating(sid)).score, name === "another star" ? 4 : 5);
      assertQuiet(page);
    }),
  );
});

test("Undo focuses the star, and a form that is removed before auto-send sends the choice once", async (t) => {
  const { page, form } = await openForm(t, browser, server, { attributes: "auto-send" });
  await form.star(5).focus();
  await page.keyboard.press("Space");
  await undo(page).focus();
  await page.keyboard.press("Enter");
  await waitFor("the focus to be at the star", () => isFocused(form.star(5)));
  assert.ok(await form.star(5).isChecked());

  const other = await openForm(t, browser, server, { attributes: "auto-send" });
  let sent = 0;
  other.page.on(
    "request",
    (request) => (sent += request.method() === "POST" && request.url().endsWith("/Feedback.json")),
  );
  await other.page.clock.install();
  await mouseClick(other.page, other.form.drawnStar(5));
  await pending(other.page).waitFor();
  await other.page.evaluate(() => document.querySelector("ringback-rating").remove());
  await waitFor("the rating", async () => (await server.account.rating(other.sid))?.score === 5);
  await other.page.clock.fastForward(10_000);
  assert.equal(sent, 1);
  assertQuiet(other.page);
});

test("with require-issue a low score is not sent without an issue", async (t) => {
  const { page, form, sid } = await openForm(t, browser, server, { attributes: 'require-issue="2"' });
  const problem = page.getByText("Please choose at least one");
  await mouseClick(page, form.drawnStar(2));
  await form.send.click();
  await problem.waitFor();
  const first = form.issue("Noise, echo or gaps");
  await waitFor("the focus to be at the first box", () => isFocused(first));
  assert.equal(await server.account.rating(sid), undefined);
  await page.keyboard.press("Space");
  await problem.waitFor({ state: "detached" });
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 2, issues: ["imperfect-audio"] });
  // A higher score needs no issue.
  await page.getByRole("button", { name: "Change rating" }).click();
  await mouseClick(page, form.drawnStar(3));
  await first.uncheck();
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 3, issues: [] });
  assertQuiet(page);
});

test("with opt-out there is a permanent no beside the temporary one", async (t) => {
  const never = (page) => page.getByRole("button", { name: "Don’t ask again" });
  const later = (page) => page.getByRole("button", { name: "Not now" });
  for (const [attributes, button, forever] of [
    ["opt-out dismissible", never, true],
    ["opt-out dismissible", later, undefined],
  ]) {
    const { page, form, sid, events } = await openForm(t, browser, server, { attributes });
    await mouseClick(page, form.drawnStar(1));
    await button(page).click();
    await form.stars.first().waitFor({ state: "hidden" });
    const [name, detail] = (await events()).at(-1);
    assert.deepEqual([name, detail.call, detail.forever], ["dismissed", sid, forever]);
    assert.equal(await server.account.rating(sid), undefined);
    assertQuiet(page);
  }
  const { page } = await openForm(t, browser, server, {});
  assert.deepEqual([await never(page).isVisible(), await later(page).isVisible()], [false, false]);
});
