// Defines <ringback-rating>. The form itself is WebAssembly and is fetched when the first element is in a page; the
// class has to be JavaScript, because Rust cannot extend HTMLElement.

const origin = new URL(import.meta.url).origin;
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

export class RingbackRating extends HTMLElement {
  static observedAttributes = ["endpoint", "partial", "token"];

  /** Fetches the form's code. */
  static async load() {
    const widget = await import("./ringback-widget.js");
    await widget.default();
    return widget;
  }

  /** Sends what waits for a token, in answer to `ringback-token-needed`, without showing a form. */
  static async renew(token, endpoint = origin) {
    (await widget()).renew(endpoint, token);
  }

  #root = this.attachShadow({ mode: "open" });
  #form;
  #focusWhenFilled = false;

  async connectedCallback() {
    let code;
    try {
      code = await widget();
    } catch (error) {
      const detail = { code: "load", message: String(error) };
      this.dispatchEvent(new CustomEvent("ringback-error", { bubbles: true, composed: true, detail }));
      return;
    }
    // Meanwhile it may have been removed, or moved and filled.
    if (!this.isConnected || this.#form) return;
    this.#form = code.mount(this, this.#root, origin);
    if (this.#focusWhenFilled) this.focus();
  }

  disconnectedCallback() {
    // An element that is moved is disconnected and connected again in one go; it keeps its form and what was chosen.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#form?.free();
      this.#form = undefined;
    });
  }

  attributeChangedCallback() {
    // Later, so that a new endpoint and its new token come together.
    queueMicrotask(() => {
      this.#form?.update();
      if (this.#focusWhenFilled) this.focus();
    });
  }

  /** Focuses the stars; when the form is not there yet, as soon as it is. */
  focus(options) {
    const star = this.#root.querySelector(":checked") ?? this.#root.querySelector("input");
    this.#focusWhenFilled = !star;
    star?.focus(options);
  }
}

// A page may load this twice, from two servers even: the first one counts.
if (!customElements.get("ringback-rating")) {
  customElements.define("ringback-rating", RingbackRating);
  // What an earlier page could not send is sent now; without it, nothing is fetched, and no database made.
  const request = globalThis.indexedDB?.open("ringback");
  if (request) {
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () => {
      const count = request.result.transaction("outbox").objectStore("outbox").count();
      count.onsuccess = () => count.result && widget().then((code) => code.start(), () => {});
      request.result.close();
    };
    request.onerror = (event) => event.preventDefault();
  }
}
