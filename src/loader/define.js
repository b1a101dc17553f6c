import { stored } from "./ask.js";
import { emit, handleEvent, loadCode } from "./code.js";
import { RingbackRating } from "./element.js";

export { RingbackRating };

/** Defines the element in this page. */
export const define = () => {
  // A server that renders pages has no custom elements. A page may load this file twice, even from two servers; the first
  // one counts.
  const name = "ringback-rating";
  if (!globalThis.customElements || customElements.get(name)) return;
  customElements.define(name, RingbackRating);
  for (const type of ["error", "unhandledrejection", "visibilitychange"]) addEventListener(type, handleEvent);
  // Sends the ratings that an earlier page left in the outbox (crates/client). Without any, nothing is fetched.
  if (stored("waiting"))
    loadCode().then(
      (code) => code.start(emit),
      () => {},
    );
};
