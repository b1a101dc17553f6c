import assert from "node:assert/strict";

import { waitFor } from "../lib/wait.js";

/** Names the element that has the focus, in shadow roots too: its part, its value or its id. */
export const focused = (tab) =>
  tab.evaluate(() => {
    let element = document.activeElement;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element.getAttribute("part") ?? (element.value || element.id);
  });

/** Waits until the element with this name has the focus. */
export const isFocused = (tab, name) =>
  waitFor(`the focus to be at ${name}`, async () => (await focused(tab)) === name, { seconds: 10 });

/** Presses Tab until the element with this name has the focus. */
export async function tabTo(tab, name) {
  const visited = [];
  while (visited.length < 20) {
    await tab.press("Tab");
    visited.push(await focused(tab));
    if (visited.at(-1) === name) return;
  }
  assert.fail(`Tab does not reach ${name}, but ${visited}`);
}
