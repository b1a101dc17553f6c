// The form's code: WebAssembly, and the JavaScript that wasm-bindgen wrote for it.

import { glue, wasm } from "ringback:generated";

let loading;
let code;
let trap;

/** Called with an error when the code has failed, after which it is not called any more; with none when the page is hidden. */
export const watchers = new Set();

/** What kind of error it is, for the host. */
export const codeOf = ({ name }) => ({ TypeError: "load", RuntimeError: "trap" })[name] ?? "no-wasm";

export const load = async () => {
  try {
    // At the same time: the one does not know of the other.
    const [code, module_or_path] = await Promise.all([glue(), fetch(wasm)]);
    await code.default({ module_or_path });
    return code;
  } catch (error) {
    // What cannot be fetched may be of a release that a newer one has taken the place of.
    if (codeOf(error) !== "load" || /again$/.test(import.meta.url)) throw error;
    return (await import(new URL("ringback.js?again", import.meta.url))).RingbackRating.load();
  }
};

/** The code, fetched when it is first needed. */
export const needed = async () => {
  if (trap) throw trap;
  try {
    return (code = await (loading ??= load()));
  } catch (error) {
    // The next one tries again.
    loading = 0;
    throw error;
  }
};

const fail = (error) => {
  trap = error;
  code.halt();
  for (const watcher of watchers) watcher(error);
};

/** Listens to the page for failures of the code, and for the page to be hidden. */
export const listen = ({ error, reason = error }) => {
  if (document.hidden) for (const watcher of watchers) watcher();
  if (!trap && reason?.name === "RuntimeError" && reason.stack.includes(wasm)) fail(reason);
};

/** What `run`, which calls the code, gives; nothing if that fails. */
export const call = (run) => {
  try {
    return run();
  } catch (error) {
    fail(error);
  }
};
