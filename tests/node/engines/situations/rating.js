// A form on an ordinary page.
import assert from "node:assert/strict";

import { focused, isFocused, tabTo } from "../keyboard.js";

export const rating = {
  async "a call is rated with the mouse"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.click(form.star(4));
    await tab.click(form.send());
    await form.thanks();
    await stage.isRated(4);
    assert.deepEqual(await stage.events("submitted"), [{ score: 4, issues: [] }]);
    await stage.isQuiet();
  },

  async "a call is rated with the keyboard"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.evaluate(() => document.querySelector("#before").focus());
    await tab.press("Tab");
    assert.equal(await focused(tab), "1");
    await tab.press(" ");
    for (const [key, score] of [
      ["ArrowRight", 2],
      ["ArrowDown", 3],
      ["ArrowLeft", 2],
      ["ArrowUp", 1],
      ["End", 5],
      ["Home", 1],
      ["ArrowUp", 5],
      ["ArrowDown", 1],
      ["ArrowLeft", 5],
      ["ArrowRight", 1],
      ["ArrowRight", 2],
    ]) {
      await tab.press(key);
      await form.isLitUpTo(score);
      assert.equal(await focused(tab), `${score}`);
    }
    await tabTo(tab, "dropped-call");
    await tab.press(" ");
    await tabTo(tab, "button");
    await tab.press("Enter");
    await form.thanks();
    await stage.isRated(2, ["dropped-call"]);
    await stage.isQuiet();
  },

  async "the stars up to the chosen one are lit"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await form.isLitUpTo(0);
    for (const score of [1, 2, 3, 4, 5, 3, 1, 4, 2]) {
      await tab.click(form.star(score));
      await form.isLitUpTo(score);
    }
  },

  async "below five stars the form asks what went wrong"(stage) {
    const { form, tab } = stage;
    await stage.open();
    const issue = form.issue("dropped-call");
    assert.deepEqual([await form.isShown(issue), await form.isShown(form.comment())], [false, false]);
    for (const [score, question] of [
      [1, "What went wrong?"],
      [5, undefined],
      [4, "What could have been better?"],
      [5, undefined],
      [2, "What went wrong?"],
    ]) {
      await tab.click(form.star(score));
      await form.isLitUpTo(score);
      assert.deepEqual([await form.isShown(issue), await form.isShown(form.comment())], [question !== undefined, true]);
      assert.deepEqual((await form.texts(".rb-wrong legend")).filter(Boolean), question ? [question] : []);
    }
  },

  async "an issue that is ticked looks ticked and is sent"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.click(form.star(1));
    const looks = () =>
      tab.each({ css: ".rb-issue" }, (issue) => {
        const { borderTopColor, backgroundColor } = getComputedStyle(issue);
        return `${issue.querySelector("input").checked} ${borderTopColor} ${backgroundColor}`;
      });
    const before = await looks();
    await tab.click(form.issue("dropped-call"));
    await tab.click(form.issue("one-way-audio"));
    await tab.click(form.issue("audio-latency"));
    await tab.click(form.issue("audio-latency"));
    const after = await looks();
    const ticked = after.filter((look) => look.startsWith("true"));
    assert.equal(ticked.length, 2);
    assert.equal(ticked[0], ticked[1]);
    // Also the box that was ticked and unticked, which the mouse is over.
    const borders = (looks) => new Set(looks.map((look) => look.replace(/^\w+ .*\) /, "")));
    assert.equal(borders(before).size, 1);
    assert.equal(borders(after.filter((look) => look.startsWith("false"))).size, 1);
    assert.equal(borders(after).size, 2);
    await tab.click(form.send());
    await form.thanks();
    await stage.isRated(1, ["dropped-call", "one-way-audio"]);
  },

  async "a comment with an emoji and Arabic is sent"(stage) {
    const { form, tab } = stage;
    const comment = "“Hé!” 😀 انقطع الصوت <b>&amp;";
    await stage.open();
    await tab.click(form.star(3));
    await form.write(comment);
    await tab.click(form.send());
    await form.thanks();
    await stage.isRated(3);
    assert.equal(await stage.comment(), comment);
  },

  async "five stars take two clicks"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.click(form.star(5));
    await tab.click(form.send());
    await form.thanks();
    await stage.isRated(5);
  },

  async "the second of two ratings counts"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.click(form.star(5));
    await tab.click(form.send());
    await form.thanks();
    await tab.click(form.change());
    await tab.click(form.star(2));
    await tab.click(form.issue("one-way-audio"));
    await tab.click(form.send());
    await stage.event("submitted", 2);
    await form.thanks();
    await stage.isRated(2, ["one-way-audio"]);
  },

  async "with require-issue a low score needs an issue"(stage) {
    const { form, tab } = stage;
    await stage.open({ attributes: 'require-issue="2"' });
    await tab.click(form.star(2));
    await tab.click(form.send());
    await form.says("Please choose at least one");
    await isFocused(tab, "imperfect-audio");
    assert.equal(stage.site.attempts, 0);
    await tab.press(" ");
    await tab.click(form.send());
    await form.thanks();
    await stage.isRated(2, ["imperfect-audio"]);
  },

  async "with auto-send five stars are sent after a moment"(stage) {
    const { form, tab } = stage;
    await stage.open({ attributes: "auto-send" });
    await tab.click(form.star(5));
    await form.says("Your rating will be sent in a moment.");
    await stage.isNotRated();
    await form.thanks();
    await stage.isRated(5);
  },

  async "in Arabic the form is mirrored"(stage) {
    const { form, tab } = stage;
    await stage.open({ lang: "ar" });
    await form.says("اختر من نجمة واحدة إلى خمس نجوم");
    assert.deepEqual(await tab.each({ css: ".rb" }, (base) => getComputedStyle(base).direction), ["rtl"]);
    const places = await tab.each({ css: ".rb-star" }, (star) => star.getBoundingClientRect().x);
    assert.deepEqual(
      places,
      places.toSorted((a, b) => b - a),
    );
    await tab.evaluate(() => document.querySelector("#before").focus());
    await tab.press("Tab");
    await tab.press(" ");
    for (const [key, score] of [
      ["ArrowLeft", 2],
      ["ArrowLeft", 3],
      ["ArrowRight", 2],
      ["ArrowDown", 3],
      ["Home", 1],
      ["ArrowRight", 5],
    ]) {
      await tab.press(key);
      await form.isLitUpTo(score);
    }
    await tab.click(form.send());
    await form.says("شكرًا لك");
    await stage.isRated(5);
  },
};

/** For engines whose drivers can touch. */
export const touch = {
  async "a call is rated by touch"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.evaluate(() => {
      globalThis.pointers = [];
      document.addEventListener("pointerdown", ({ pointerType }) => globalThis.pointers.push(pointerType));
    });
    await tab.tap(form.star(3));
    await form.isLitUpTo(3);
    await tab.tap(form.issue("dropped-call"));
    await tab.tap(form.send());
    await form.thanks();
    assert.deepEqual(await tab.evaluate(() => globalThis.pointers), ["touch", "touch", "touch"]);
    await stage.isRated(3, ["dropped-call"]);
  },
};
