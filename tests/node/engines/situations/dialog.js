// The form in a dialog, and in a corner of the page.
import assert from "node:assert/strict";
import { waitFor } from "../../lib/wait.js";
import { focused, isFocused } from "../keyboard.js";

/** A page with an element in this mode and a button that opens it. */
const page = (stage, mode) => ({
  until: null,
  body: `<button id="open">Hang up</button><button id="behind">Contacts</button>
    <ringback-rating mode="${mode}" endpoint="${stage.site.endpoint}"></ringback-rating>
    <script>
      globalThis.clicks = 0;
      behind.onclick = () => clicks++;
      document.querySelector("#open").onclick = () =>
        document.querySelector("ringback-rating").open({ token: "${stage.call.token}" });
    </script>`,
});

const clicks = (tab) => tab.evaluate(() => globalThis.clicks);

export const dialog = {
  async "a call is rated in a dialog"(stage) {
    const { form, tab } = stage;
    await stage.open(page(stage, "dialog"));
    await tab.click({ css: "#open" });
    await stage.event("ready");
    await tab.click(form.star(4));
    // The page behind the dialog is inert.
    await tab.click({ css: "#behind" });
    assert.equal(await clicks(tab), 0);
    await tab.click(form.send());
    await form.thanks();
    await stage.isRated(4);
    await stage.isQuiet();
  },

  async "Escape closes the dialog, and the focus returns"(stage) {
    const { form, tab } = stage;
    await stage.open(page(stage, "dialog"));
    await tab.evaluate(() => document.querySelector("#open").focus());
    await tab.press("Enter");
    await stage.event("ready");
    await isFocused(tab, "1");
    await tab.press(" ");
    await form.isLitUpTo(1);
    await tab.press("Escape");
    const { call } = await stage.event("dismissed");
    assert.equal(call, stage.call.sid);
    assert.equal(await focused(tab), "open");
    assert.deepEqual(await form.texts(), []);
    // A choice in a dialog that the user closes does not count.
    await waitFor("the server to know it", async () => (await stage.record()).dismissed_at, { seconds: 10 });
    await stage.isNotRated();
    assert.equal(stage.site.attempts, 0);
  },

  async "in a corner the form leaves the page usable"(stage) {
    const { form, tab } = stage;
    await stage.open(page(stage, "corner"));
    await tab.click({ css: "#open" });
    await stage.event("ready");
    assert.equal(await focused(tab), "open");
    const [{ right, bottom }] = await tab.each({ css: "dialog" }, (dialog) => {
      const { right, bottom } = dialog.getBoundingClientRect();
      return { right: innerWidth - right, bottom: innerHeight - bottom };
    });
    assert.ok(right >= 0 && right < 40 && bottom >= 0 && bottom < 40, `${right} and ${bottom} pixels from the corner`);
    await tab.click({ css: "#behind" });
    assert.equal(await clicks(tab), 1);
    await tab.click(form.star(2));
    await tab.click(form.issue("dropped-call"));
    await tab.click({ css: "#behind" });
    assert.equal(await clicks(tab), 2);
    await tab.click(form.send());
    await form.thanks();
    await stage.isRated(2, ["dropped-call"]);
    await stage.isQuiet();
  },

  async "Escape closes the form in a corner while it has the focus"(stage) {
    const { form, tab } = stage;
    await stage.open(page(stage, "corner"));
    await tab.click({ css: "#open" });
    await stage.event("ready");
    await tab.press("Escape");
    await tab.click(form.star(3));
    await form.isLitUpTo(3);
    assert.deepEqual(await stage.events("dismissed"), []);
    await tab.press("Escape");
    await stage.event("dismissed");
    assert.deepEqual(await form.texts(), []);
    await stage.isNotRated();
  },
};
