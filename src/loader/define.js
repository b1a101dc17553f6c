import { forgetOldLeg, stored } from "./ask.js";
import { emit, loadCode, pageHidden } from "./code.js";
import { RingbackRating } from "./element.js";

export { RingbackRating };

/** Defines the element in this page. */
export const define = () => {
  const { customElements } = globalThis;
  // A server that renders pages has no elements to define.
  if (customElements === undefined) return;
  if (!customElements)
    throw new Error(
      'A content script cannot define elements: load this file in the world "MAIN".',
    );
  // A page may load this file twice, even from two servers. The first one counts.
  const name = "ringback-rating";
  if (customElements.get(name)) return;
  customElements.define(name, RingbackRating);
  addEventListener("visibilitychange", pageHidden);
  forgetOldLeg();
  // Sends the ratings that an earlier page left in the outbox (crates/client). Without any, nothing is fetched.
  if (stored("waiting"))
    loadCode().then(
      (code) => code.start(emit),
      () => {},
    );
};
