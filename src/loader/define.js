import { listen, needed } from "./code.js";
import { RingbackRating } from "./element.js";

export { RingbackRating };

/** Makes it an element of this page. */
export const define = () => {
  // A page may load this twice, from two servers even: the first one counts.
  if (customElements.get("ringback-rating")) return;
  customElements.define("ringback-rating", RingbackRating);
  for (const type of ["error", "unhandledrejection", "visibilitychange"]) addEventListener(type, listen);
  // What an earlier page could not send is sent now; without it, nothing is fetched, and no database made.
  const request = globalThis.indexedDB?.open("ringback");
  if (!request) return;
  request.onupgradeneeded = () => request.transaction.abort();
  request.onsuccess = ({ target: { result } }) => {
    result.transaction("outbox").objectStore("outbox").count().onsuccess = ({ target }) =>
      target.result && needed().then((code) => code.start(), () => {});
    result.close();
  };
  request.onerror = (event) => event.preventDefault();
};
