// The code of the form: WebAssembly, and the JavaScript that wasm-bindgen generated for it.

import { glue, locate, wasm } from "ringback:generated";

import { stored } from "./ask.js";

let loading;
let attempt = 0;
let trap;

/** Functions that are called with an error when the code fails for good, and with nothing when the page is hidden. */
export const watchers = new Set();

/** The code of this error in `ringback-error`. */
export const errorCode = (error) => ({ TypeError: "load", RuntimeError: "trap" })[error?.name] ?? "no-wasm";

/** Does not compile while it fetches, because that needs a media type that not every server sends. */
const fetchWasm = async () => {
  const response = await fetch(locate(wasm));
  if (!response.ok) throw new TypeError(`${response.status} ${response.url}`);
  return WebAssembly.compile(await response.arrayBuffer());
};

const load = async () => {
  try {
    if (trap) throw trap;
    // In parallel, because neither file depends on the other.
    const [code, module] = await Promise.all([glue(attempt), fetchWasm()]);
    code.initSync({ module });
    code.watch(fail);
    return code;
  } catch (error) {
    // The next call tries again, under another URL, because browsers remember that an import failed.
    loading = 0;
    attempt += 1;
    throw error;
  }
};

/** Loads the code on the first call. */
export const loadCode = () => (loading ||= load());

const fail = (error) => {
  trap = error;
  loading = 0;
  for (const watcher of watchers) watcher(error);
};

/** Tells the watchers that the page may go away. */
export const pageHidden = () => {
  if (document.hidden) for (const watcher of watchers) watcher();
};

/** Runs a function that calls the code. Returns nothing if the code fails. */
export const guard = (run) => {
  try {
    return run();
  } catch (error) {
    if (error !== trap) fail(error);
  }
};

const warned = new Set();

/** Fires an event at an element, or at the document if there is none. The code calls this too. */
export const emit = (name, detail, target = document) => {
  if (detail.forever) stored("never", 1);
  const { message } = detail.reason ?? detail;
  if (message && !warned.has(message)) {
    warned.add(message);
    console.warn(`ringback-${name}: ${message}`);
  }
  target.dispatchEvent(new CustomEvent(`ringback-${name}`, { bubbles: true, composed: true, detail }));
};
