import { Reflected, server } from "ringback:generated";
import { stored } from "./ask.js";
import { guard, loadCode } from "./code.js";
import { control } from "./control.js";

export class RingbackRating extends Reflected {
  /** Fetches the form's code, so that the next form needs no network. */
  static async preload() {
    await loadCode();
  }

  /** Sends the ratings that wait for a token, after `ringback-token-needed`, without showing a form. */
  static async renew(token, endpoint = server) {
    // In the npm package there is no default.
    if (!endpoint) throw new TypeError("renew(token, endpoint): the endpoint is missing");
    const code = await loadCode();
    guard(() => code.renew(endpoint, token));
  }

  /** Reverts the user's choice never to be asked again. */
  static askAgain() {
    stored("never", "");
  }

  /** Forgets what belongs to the user, for the next one at this computer. What the user has sent is still delivered. */
  static async forget() {
    for (const name of ["never", "leg", "asked"]) stored(name, "");
    const code = await loadCode();
    await guard(() => code.forget());
  }

  // Also adds the methods to the element.
  #update = control(this);

  connectedCallback() {
    // Properties that were set before the element was defined hide those of the class.
    for (const [name, value] of Object.entries(this)) {
      delete this[name];
      this[name] = value;
    }
    this.#update();
  }

  // Deferred, because moving an element disconnects and connects it at once. It then keeps its form and the choice.
  disconnectedCallback() {
    queueMicrotask(this.#update);
  }

  // Deferred, so that a new endpoint and its new token take effect together.
  attributeChangedCallback() {
    queueMicrotask(this.#update);
  }
}

// Frameworks set a property only if the class has it, and an attribute otherwise.
Object.assign(RingbackRating.prototype, { texts: undefined, about: undefined });
