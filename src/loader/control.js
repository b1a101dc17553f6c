// The content of an element. At once, the form as HTML, in which the user can choose and send. Once the code of the form is
// loaded, it takes control of this form and keeps the choice. If the code cannot run, the painted form remains.

import { form as html, problemOf, server, style } from "ringback:generated";

import { legOf, skipReason, stored } from "./ask.js";
import { emit, errorCode, guard, loadCode, watchers } from "./code.js";
import { textsFor } from "./language.js";

// Shared by all elements. A constructed stylesheet, because a `<style>` is not allowed under `style-src 'self'`.
let sheet;

/** Gives an element its shadow root and its methods. Returns the function that applies its attributes. */
export const control = (element) => {
  const root = element.attachShadow({ mode: "open" });
  // Whether to show the form. Until `open` or `close` is called, `mode` decides.
  let isOpen;
  let focusWhenShown;
  // The call that the form is for. `current` is a new object each time that a form is shown.
  let key, leg, endpoint, token, current;
  // The texts of the form, and its methods: those of `painted`, or those of the code.
  let texts, form;
  // Whether the code cannot run.
  let codeFailed;
  // Truthy if the user pressed Send before the code was loaded: the promise of a response, if the present choice was posted.
  let early;

  const fire = (name, detail) => emit(name, detail, element);
  const fireError = (code, message, status) => fire("error", { code, message, status });
  const find = (selector) => root.querySelector(selector);
  const setText = (selector, name) => (find(selector).textContent = texts[name]);
  const callForm = (name) => guard(() => form?.[name]?.());

  /** The choice as a form to post. */
  const formData = () => {
    const data = new URLSearchParams(new FormData(find("form")));
    // Issues that are ticked but hidden are not sent.
    if (data.get("QualityScore") > 4) data.delete("Issue");
    return data;
  };
  const rating = (data = formData()) => ({ score: +data.get("QualityScore"), issues: data.getAll("Issue") });

  /** Posts the choice in a request that needs no preflight. Returns the response, or an error if there is none. */
  const post = (revision) => {
    const body = formData();
    body.append("Token", token);
    if (revision) body.append("Revision", revision);
    const url = `${endpoint}/2010-04-01/Accounts/${leg.account}/Calls/${encodeURIComponent(leg.call)}/Feedback.json`;
    return fetch(url, {
      method: "POST",
      body,
      credentials: "omit",
      keepalive: true,
      signal: AbortSignal.timeout(20000),
    }).catch((error) => error);
  };

  const send = async (event) => {
    event.preventDefault();
    const sent = rating();
    const isIncomplete = !sent.score || (sent.score <= element.requireIssue && !sent.issues[0]);
    if (codeFailed && isIncomplete) return setText(".rb-wrong p", "choose-issue");
    setText("button", "sending");
    setText("[role=alert]");
    if (!codeFailed) {
      // The code handles the response, or says what is missing. It sends revisions above this first one.
      early ||= isIncomplete || post(1);
      return;
    }
    const { ok, status, statusText, message = statusText } = await post();
    if (ok) {
      form = 0;
      find("form").hidden = true;
      setText("[role=status]", "thanks");
      return fire("submitted", sent);
    }
    setText("button", "again");
    setText("[role=alert]", status ? (status < 429 ? "refused" : "busy") : "unreachable");
    fireError(status ? "refused" : "network", message, status);
  };

  /** The methods of the form without code. */
  const painted = {
    /** Sends a choice that counts, because the form or the page goes away. */
    leave() {
      if (rating().score && (early || element.partial !== "off")) post();
    },
    dismiss(forever) {
      if (form) fire("dismissed", { ...leg, forever });
      find(".rb").hidden = true;
      current = form = 0;
      find("dialog")?.close();
    },
    never() {
      painted.dismiss(true);
    },
    reset() {
      find("form").reset();
    },
  };

  /** Makes the painted form work. */
  const activatePainted = () => {
    form = painted;
    const base = find(".rb");
    base.oninput = () => {
      // The posted choice is no longer the present one.
      early &&= 1;
      setText(".rb-hint", `score-${rating().score}`);
      if (codeFailed) fire("change", rating());
    };
    base.onsubmit = send;
    // The parts of the buttons are the names of these methods.
    base.onclick = ({ target }) => painted[target.part]?.();
    reveal();
  };

  /** Opens the dialog and moves the focus, once there is a form. */
  const reveal = () => {
    const dialog = find("dialog");
    if (dialog && !dialog.open) {
      dialog.onclose = () => {
        // The event is asynchronous: another dialog may have been opened since.
        if (!dialog.isConnected) return;
        // Closing the dialog in any way counts as "Not now".
        find("[part=dismiss]")?.click();
        clear();
      };
      dialog.showModal();
    }
    if (focusWhenShown) focus();
  };

  /** Focuses the stars, now or as soon as there is a form. */
  const focus = (options) => {
    const star = find(":checked") ?? find("input");
    focusWhenShown = !star;
    star?.focus(options);
  };

  /** Called when the page is hidden and may go away, or with an error if the code cannot run. */
  const watch = (error) => {
    if (!error) return callForm("leave");
    if (!texts || codeFailed) return;
    codeFailed = 1;
    // A form that is sent or closed stays as it is.
    if (leg && !find("[hidden] form,form[hidden]")) {
      activatePainted();
      setText("button", "send");
      // The browser validates the form now.
      find("form").noValidate = false;
      if (early) find("form").requestSubmit();
    }
    fireError(errorCode(error), `${error}`);
  };

  /** Shows the form. Gives up as soon as another `show` or `clear` has replaced `current`. */
  const show = async (showing = {}) => {
    current = showing;
    watchers.add(watch);
    // Loads the code while the texts are fetched and the form is painted.
    const code = loadCode().catch((error) => ({ error }));
    const found = await textsFor(element);
    sheet ??= await new CSSStyleSheet().replace(style);
    if (showing !== current) return;
    texts = found;
    root.adoptedStyleSheets = [sheet];
    const dialog = element.mode === "dialog" ? '<dialog part=dialog aria-label="{question}">' : "";
    // An invalid token has no form.
    root.innerHTML = (dialog + (leg ? html : "")).replace(
      /{([\w-]+)}/g,
      (_, name) => new Option(texts[name]).innerHTML,
    );
    if (leg) activatePainted();
    const { mount, error } = await code;
    if (showing !== current) return;
    if (error) return watch(error);
    const mounted = guard(() => mount(element, find("dialog") ?? root, server, texts, find(".rb"), early, emit));
    if (!mounted) return;
    form = mounted;
    early = 0;
    fire("ready", {});
    reveal();
  };

  const clear = (open) => {
    callForm("leave");
    callForm("free");
    watchers.delete(watch);
    current = key = texts = form = codeFailed = early = 0;
    find("dialog")?.close();
    root.innerHTML = "";
    isOpen = open;
  };

  /** Applies the present attributes. */
  const update = () => {
    if (!element.isConnected) return clear();
    if (!(isOpen ?? element.mode !== "dialog")) return;
    const nextEndpoint = (element.endpoint ?? server).replace(/\/+$/, "");
    // In the npm package there is no default.
    const isMissing = element.token && !nextEndpoint;
    const problem = problemOf(element) ?? (isMissing ? "the attribute endpoint is missing" : undefined);
    const nextLeg = legOf(element.token);
    const nextKey = problem ?? (nextLeg ? [nextEndpoint, ...Object.values(nextLeg)].join() : element.token);
    const isSameCall = nextKey === key;
    // Clears the form of another call first, because sending its choice needs its own token.
    if (!isSameCall) clear(isOpen);
    token = element.token;
    if (isSameCall) return callForm("update");
    key = nextKey;
    leg = nextLeg;
    endpoint = nextEndpoint;
    if (problem) return fireError("bad-attribute", problem);
    if (!key) return;
    if (leg) {
      const reason = skipReason(element, key);
      if (reason) return fire("skipped", { reason });
      stored("leg", key);
      stored("asked", Date.now());
    }
    return show();
  };

  Object.assign(element, {
    /** Shows the form for the given call, or for the present one. In `dialog` mode, opens the dialog. */
    async open(call) {
      Object.assign(element, call?.token && { failed: false, duration: null }, call);
      if (!current) key = 0;
      isOpen = 1;
      await update();
    },

    /** Removes the form, like removing the element. */
    close: () => clear(0),

    /** Discards a choice that has not been sent and starts over. */
    reset: () => callForm("reset"),

    focus,
  });
  return update;
};
