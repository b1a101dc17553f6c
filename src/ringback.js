// Defines <ringback-rating endpoint token>. The form itself is WebAssembly and is fetched when the first element is
// in a page; the class has to be JavaScript, because Rust cannot extend HTMLElement.

let loading;

export class RingbackRating extends HTMLElement {
  static observedAttributes = ["endpoint", "token"];

  /** Fetches the form's code. */
  static async load() {
    const widget = await import("./ringback-widget.js");
    await widget.default();
    return widget;
  }

  #root = this.attachShadow({ mode: "open" });
  #form;
  #focusWhenFilled = false;

  async connectedCallback() {
    let widget;
    try {
      widget = await (loading ??= RingbackRating.load());
    } catch (error) {
      // The next element tries again.
      loading = undefined;
      const detail = { code: "load", message: String(error) };
      this.dispatchEvent(new CustomEvent("ringback-error", { bubbles: true, composed: true, detail }));
      return;
    }
    // Meanwhile it may have been removed, or moved and filled.
    if (!this.isConnected || this.#form) return;
    this.#form = widget.mount(this, this.#root, ...this.#settings());
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
      this.#form?.update(...this.#settings());
      if (this.#focusWhenFilled) this.focus();
    });
  }

  /** Focuses the stars; when the form is not there yet, as soon as it is. */
  focus(options) {
    const star = this.#root.querySelector(":checked") ?? this.#root.querySelector("input");
    this.#focusWhenFilled = !star;
    star?.focus(options);
  }

  #settings() {
    return [this.getAttribute("endpoint") ?? new URL(import.meta.url).origin, this.getAttribute("token") ?? undefined];
  }
}

// A page may load this twice, from two servers even: the first one counts.
if (!customElements.get("ringback-rating")) customElements.define("ringback-rating", RingbackRating);
