import { remember } from "./ask.js";
import { listen, needed, tell } from "./code.js";
import { RingbackRating } from "./element.js";

export { RingbackRating };

/** Makes it an element of this page. */
export const define = () => {
  // A page may load this twice, from two servers even: the first one counts.
  const name = "ringback-rating";
  if (customElements.get(name)) return;
  customElements.define(name, RingbackRating);
  for (const type of ["error", "unhandledrejection", "visibilitychange"]) addEventListener(type, listen);
  // What an earlier page could not send (`outbox` of crates/client) is sent now; without it, nothing is fetched.
  if (remember("waiting")) needed().then((code) => code.start(tell), () => {});
};
