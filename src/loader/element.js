// The class of <ringback-rating>. The form itself is WebAssembly and is fetched when the first element shows one; the class
// has to be JavaScript, because Rust cannot extend HTMLElement.

import { glue, style, wasm } from 'ringback:generated';

const origin = new URL(import.meta.url).origin;
// One for all elements. Constructed, because a `<style>` needs more than `style-src 'self'`.
let sheet;
let loading;

const widget = async () => {
  try {
    return await (loading ??= RingbackRating.load());
  } catch (error) {
    // The next one tries again.
    loading = undefined;
    throw error;
  }
};

// On a server, which may import this too, there are no elements.
export class RingbackRating extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["dismissible", "endpoint", "mode", "partial", "token"];

  /** Fetches the form's code. */
  static async load() {
    // At the same time: the one does not know of the other.
    const [widget, module_or_path] = await Promise.all([glue(), fetch(wasm)]);
    await widget.default({ module_or_path });
    return widget;
  }

  /** Sends what waits for a token, in answer to `ringback-token-needed`, without showing a form. */
  static async renew(token, endpoint = origin) {
    (await widget()).renew(endpoint, token);
  }

  #root = this.attachShadow({ mode: "open" });
  #dialog;
  #form;
  #closed = false;
  #focusWhenFilled = false;

  connectedCallback() {
    // What was set before the element was defined hides the properties of the class.
    for (const name of RingbackRating.observedAttributes) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    // A dialog waits to be opened.
    if (this.mode !== "dialog") this.#fill();
  }

  disconnectedCallback() {
    // An element that is moved is disconnected and connected again in one go; it keeps its form and what was chosen.
    queueMicrotask(() => this.isConnected || this.#empty());
  }

  attributeChangedCallback() {
    // Later, so that a new endpoint and its new token come together.
    queueMicrotask(() => {
      this.#form?.update();
      if (this.#focusWhenFilled) this.focus();
    });
  }

  /** Shows the form, for the call of this token if one is given; as a dialog if `mode` says so. */
  async open({ token, endpoint } = {}) {
    if (endpoint !== undefined) this.endpoint = endpoint;
    if (token !== undefined) this.token = token;
    this.#closed = false;
    await this.#fill();
    if (this.#form && this.#dialog?.isConnected && !this.#dialog.open) this.#dialog.showModal();
  }

  /** Takes the form away, as removing the element does. */
  close() {
    this.#closed = true;
    this.#dialog?.close();
    this.#empty();
  }

  /** Forgets what was chosen and not sent, and starts anew. */
  reset() {
    this.#form?.reset();
  }

  /** Focuses the stars; when the form is not there yet, as soon as it is. */
  focus(options) {
    const star = this.#root.querySelector(":checked") ?? this.#root.querySelector("input");
    this.#focusWhenFilled = !star;
    star?.focus(options);
  }

  async #fill() {
    let code;
    try {
      code = await widget();
    } catch (error) {
      return this.#fire("ringback-error", { code: "load", message: String(error) });
    }
    // Meanwhile it may have been removed or closed, or moved and filled.
    if (!this.isConnected || this.#form || this.#closed) return;
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
    }
    this.#root.adoptedStyleSheets = [sheet];
    this.#form = code.mount(this, this.mode === "dialog" ? this.#makeDialog() : this.#root, origin);
    if (this.#focusWhenFilled) this.focus();
    this.#fire("ringback-ready", {});
  }

  #makeDialog() {
    const dialog = document.createElement("dialog");
    dialog.setAttribute("part", "dialog");
    dialog.addEventListener("cancel", () => this.#form?.dismiss());
    // It comes later, when another may have been opened.
    dialog.addEventListener("close", () => dialog === this.#dialog && this.#empty());
    this.#root.append(dialog);
    return (this.#dialog = dialog);
  }

  #empty() {
    this.#form?.free();
    this.#form = undefined;
    this.#dialog?.remove();
    this.#dialog = undefined;
  }

  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

for (const name of RingbackRating.observedAttributes) {
  Object.defineProperty(RingbackRating.prototype, name, {
    get() {
      const value = this.getAttribute(name);
      return name === "dismissible" ? value !== null : value;
    },
    set(value) {
      if (value === null || value === undefined || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? "" : value);
    },
    configurable: true,
    enumerable: true,
  });
}

/** Makes it an element of this page. */
export const define = () => {
  // A page may load this twice, from two servers even: the first one counts.
  if (customElements.get("ringback-rating")) return;
  customElements.define("ringback-rating", RingbackRating);
  // What an earlier page could not send is sent now; without it, nothing is fetched, and no database made.
  const request = globalThis.indexedDB?.open("ringback");
  if (!request) return;
  request.onupgradeneeded = () => request.transaction.abort();
  request.onsuccess = () => {
    const count = request.result.transaction("outbox").objectStore("outbox").count();
    count.onsuccess = () => count.result && widget().then((code) => code.start(), () => {});
    request.result.close();
  };
  request.onerror = (event) => event.preventDefault();
};
