import { Reflected } from "ringback:generated";
import { remember } from "./ask.js";
import { call, load, needed } from "./code.js";
import { control, origin } from "./control.js";

export class RingbackRating extends Reflected {
  /** Fetches the form's code. */
  static load = load;

  /** Sends what waits for a token, in answer to `ringback-token-needed`, without showing a form. */
  static async renew(token, endpoint = origin) {
    const { renew } = await needed();
    call(() => renew(endpoint, token));
  }

  /** Takes back that this person is never asked again. */
  static askAgain() {
    remember("never", "");
  }

  #do = control(this);

  connectedCallback() {
    // What was set before the element was defined hides the properties of the class.
    for (const [name, value] of Object.entries(this)) {
      delete this[name];
      this[name] = value;
    }
    this.#do.update();
  }

  disconnectedCallback() {
    // An element that is moved is disconnected and connected again in one go; it keeps its form and what was chosen.
    this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    // Later, so that a new endpoint and its new token come together.
    queueMicrotask(() => this.#do.update());
  }

  /** Shows the form, for the call of this token if one is given; as a dialog if `mode` says so. */
  async open(call) {
    await this.#do.open(call);
  }

  /** Takes the form away, as removing the element does. */
  close() {
    this.#do.empty(false);
  }

  /** Forgets what was chosen and not sent, and starts anew. */
  reset() {
    this.#do.reset();
  }

  /** Focuses the stars; when the form is not there yet, as soon as it is. */
  focus(options) {
    this.#do.focus(options);
  }
}
