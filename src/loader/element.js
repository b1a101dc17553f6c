import { Reflected } from "ringback:generated";
import { remember } from "./ask.js";
import { call, needed } from "./code.js";
import { control, origin } from "./control.js";

export class RingbackRating extends Reflected {
  /** Sends what waits for a token, in answer to `ringback-token-needed`, without showing a form. */
  static async renew(token, endpoint = origin) {
    const code = await needed();
    call(() => code.renew(endpoint, token));
  }

  /** Takes back that this person is never asked again. */
  static askAgain() {
    remember("never", "");
  }

  // It has the methods from there.
  #update = control(this);

  connectedCallback() {
    // What was set before the element was defined hides the properties of the class.
    for (const [name, value] of Object.entries(this)) {
      delete this[name];
      this[name] = value;
    }
    this.#update();
  }

  // Later, because an element that is moved is disconnected and connected again in one go, and keeps its form and what was chosen.
  disconnectedCallback() {
    queueMicrotask(this.#update);
  }

  // Later, so that a new endpoint and its new token come together.
  attributeChangedCallback() {
    queueMicrotask(this.#update);
  }
}
