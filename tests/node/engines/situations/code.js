// The form without its WebAssembly.
import assert from "node:assert/strict";

import { noWasm, trap } from "../faults.js";

/** Rates the call with the painted form, and checks that the page stays. */
async function ratePainted(stage) {
  const { form, tab } = stage;
  await tab.evaluate(() => (globalThis.stays = true));
  for (const score of [5, 3, 2]) {
    await tab.click(form.star(score));
    await form.isLitUpTo(score);
    assert.equal(await form.isShown(form.issue("dropped-call")), score < 5);
  }
  await tab.click(form.issue("dropped-call"));
  await form.write("Hello?");
  await tab.click(form.send());
  await form.thanks();
  await stage.isRated(2, ["dropped-call"]);
  assert.equal(await stage.comment(), "Hello?");
  assert.equal(await tab.evaluate(() => globalThis.stays), true);
}

export const code = {
  async "a call is rated without the WebAssembly"(stage) {
    stage.site.fault = noWasm;
    await stage.open({ until: "error" });
    assert.deepEqual(
      (await stage.events("error")).map(({ code }) => code),
      ["load"],
    );
    await ratePainted(stage);
    await stage.isQuiet();
  },

  async "a call is rated under a policy that forbids WebAssembly"(stage) {
    const { endpoint } = stage.site;
    await stage.open({
      until: "error",
      policy: `default-src 'self'; script-src 'self' ${endpoint}; connect-src ${endpoint}`,
    });
    assert.deepEqual(
      (await stage.events("error")).map(({ code }) => code),
      ["no-wasm"],
    );
    await ratePainted(stage);
  },

  async "a call is rated after the WebAssembly has trapped"(stage) {
    const { form, tab } = stage;
    stage.site.fault = trap;
    await stage.open();
    await tab.evaluate(() => (globalThis.stays = true));
    await tab.click(form.star(4));
    const { code } = await stage.event("error");
    assert.equal(code, "trap");
    await form.isLitUpTo(4);
    await ratePainted(stage);
  },
};
