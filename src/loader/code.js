// The code of the form: WebAssembly, and the JavaScript that wasm-bindgen generated for it.

import { glue, locate, wasm } from "ringback:generated";

import { stored } from "./ask.js";

let loading;
let code;
let trap;

/** Functions that are called with an error when the code fails for good, and with nothing when the page is hidden. */
export const watchers = new Set();

/** The code of this error in `ringback-error`. */
export const errorCode = (error) => ({ TypeError: "load", RuntimeError: "trap" })[error?.name] ?? "no-wasm";

const load = async () => {
  try {
    if (trap) throw trap;
    // In parallel, because neither file depends on the other.
    const [loaded, module_or_path] = await Promise.all([glue(), fetch(locate(wasm))]);
    await loaded.default({ module_or_path });
    code = loaded;
    return code;
  } catch (error) {
    // The next call tries again.
    loading = 0;
    throw error;
  }
};

/** Loads the code on the first call. */
export const loadCode = () => (loading ||= load());

const fail = (error) => {
  trap = error;
  loading = 0;
  code.halt();
  for (const watcher of watchers) watcher(error);
};

/** Handles the page's events: errors of the code, and the page being hidden. */
export const handleEvent = ({ error, reason = error }) => {
  if (document.hidden) for (const watcher of watchers) watcher();
  if (!trap && errorCode(reason) === "trap" && reason.stack.includes(locate(wasm))) fail(reason);
};

/** Runs a function that calls the code. Returns nothing if the code fails. */
export const guard = (run) => {
  try {
    return run();
  } catch (error) {
    fail(error);
  }
};

/** Fires an event at an element, or at the document if there is none. The code calls this too. */
export const emit = (name, detail, target = document) => {
  if (detail.forever) stored("never", 1);
  target.dispatchEvent(new CustomEvent(`ringback-${name}`, { bubbles: true, composed: true, detail }));
};
