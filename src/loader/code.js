// The form's code: WebAssembly, and the JavaScript that wasm-bindgen wrote for it.

import { glue, wasm } from "ringback:generated";

import { remember } from "./ask.js";

let loading;
let code;
let trap;

/** Called with an error when the code has failed, after which it is not called any more; with none when the page is hidden. */
export const watchers = new Set();

/** What kind of error it is, for the host. */
export const codeOf = (error) => ({ TypeError: "load", RuntimeError: "trap" })[error?.name] ?? "no-wasm";

const load = async () => {
  try {
    if (trap) throw trap;
    // At the same time: the one does not know of the other.
    const [loaded, module_or_path] = await Promise.all([glue(), fetch(wasm)]);
    await loaded.default({ module_or_path });
    return (code = loaded);
  } catch (error) {
    // The next one tries again.
    loading = 0;
    throw error;
  }
};

/** The code, fetched when it is first needed. */
export const needed = () => (loading ||= load());

const fail = (error) => {
  trap = error;
  loading = 0;
  code.halt();
  for (const watcher of watchers) watcher(error);
};

/** Listens to the page for failures of the code, and for the page to be hidden. */
export const listen = ({ error, reason = error }) => {
  if (document.hidden) for (const watcher of watchers) watcher();
  if (!trap && codeOf(reason) === "trap" && reason.stack.includes(wasm)) fail(reason);
};

/** What `run`, which calls the code, gives; nothing if that fails. */
export const call = (run) => {
  try {
    return run();
  } catch (error) {
    fail(error);
  }
};

/** Tells the host, at its element or, where there is none, at the document. The code does, too. */
export const tell = (name, detail, target = document) => {
  if (detail.forever) remember("never", 1);
  target.dispatchEvent(new CustomEvent(`ringback-${name}`, { bubbles: true, composed: true, detail }));
};
