// A form on an ordinary page.
import assert from "node:assert/strict";

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
};
