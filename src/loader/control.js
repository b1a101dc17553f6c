// The content of an element. At once, the form as HTML, in which the user can choose and send. Once the code of the form is
// loaded, it takes control of this form and keeps the choice. If the code cannot run, the painted form remains.

import { problemOf, server } from "ringback:generated";

import { legOf, rememberAsked, skipReason } from "./ask.js";
import { emit, errorCode, guard, loadCode, watchers } from "./code.js";
import { textsFor } from "./language.js";
import { afterPaint, dress, paint } from "./paint.js";
import { post } from "./post.js";

/** Gives an element its shadow root and its methods. Returns the function that applies its attributes. */
export const control = (element) => {
  const root = element.attachShadow({ mode: "open" });
  // Whether to show the form. Until `open` or `close` is called, `mode` decides.
  let isOpen;
  let focusWhenShown;
  // The call that the form is for: its key, and the leg, endpoint and token. `current` is a new object each time that a form
  // is shown.
  let key, call, current;
  // The texts of the form, its root element, and its methods: those of `painted`, or those of the code.
  let texts, base, form;
  // The form that `close` removed, and the key of its call.
  let closed;
  // Whether the user can see the form, and whether the code cannot run.
  let seen, codeFailed;
  // Truthy if the user pressed Send before the code was loaded: the promise of the stored revision, if the present choice was
  // posted.
  let early;

  const fireError = (code, message, status) => fire("error", { code, message, status });
  const find = (selector) => root.querySelector(selector);
  const setText = (selector, name) => {
    const target = find(selector);
    target.textContent = texts[name] ?? "";
    target.toggleAttribute("data-filled", !!name);
  };
  const isDialog = () => ["dialog", "corner"].includes(element.mode);
  const callForm = (name) => guard(() => form?.[name]?.());

  /** Fires an event at the element. `target` is missing if the code reports something that is not about this form. */
  const fire = (name, detail) => {
    emit(name, detail, element);
    if (name === "submitted" && !detail.partial) closeSoon();
  };

  /** Removes the form some time after it has said thanks, unless the user changes the rating. */
  const closeSoon = () => {
    const { autoClose } = element;
    if (!(autoClose >= 0)) return;
    const showing = current;
    setTimeout(() => {
      if (showing !== current || !find(".rb-form").hidden) return;
      // Keeps the key, because otherwise the next change of an attribute would show the form again.
      const shownKey = key;
      clear();
      key = shownKey;
    }, autoClose * 1000);
  };

  /** The choice as a form to post. */
  const formData = () => {
    const data = new URLSearchParams(new FormData(find("form")));
    // Issues that are ticked but hidden are not sent.
    if (data.get("QualityScore") > 4) data.delete("Issue");
    return data;
  };
  const rating = (data = formData()) => ({ score: +data.get("QualityScore"), issues: data.getAll("Issue") });

  const send = async (event) => {
    event?.preventDefault();
    const sent = rating();
    const lacksIssue = sent.score <= element.requireIssue && !sent.issues[0];
    if (codeFailed) {
      // The browser says that a star is missing.
      if (!find("form").reportValidity()) return;
      if (lacksIssue) return setText(".rb-wrong p", "choose-issue");
    }
    setText("[part=button]", "sending");
    setText("[role=alert]");
    if (!codeFailed) {
      // The code handles the response, or says what is missing. It sends revisions above this first one.
      early ||= !sent.score || lacksIssue || post(call, formData(), 1).then(({ revision }) => revision);
      return;
    }
    const { revision, status, message } = await post(call, formData());
    if (revision != null) {
      form = 0;
      find("form").hidden = true;
      base.setAttribute("data-done", "");
      setText("[role=status]", "thanks");
      return fire("submitted", sent);
    }
    setText("[part=button]", "again");
    setText("[role=alert]", status ? (status < 429 ? "refused" : "busy") : "unreachable");
    fireError(status ? "refused" : "network", message, status);
  };

  /** The methods of the form without code. */
  const painted = {
    /** Sends a choice that counts, because the form or the page goes away. A comment leaves with a press on Send only. */
    leave() {
      if (!rating().score || !(early || element.partial !== "off")) return;
      const data = formData();
      if (!early) data.delete("Comment");
      post(call, data);
    },
    dismiss(forever) {
      if (form) fire("dismissed", { ...call.leg, forever });
      base.hidden = true;
      current = form = 0;
      find("dialog")?.close();
    },
    never() {
      painted.dismiss(true);
    },
    reset() {
      find("form").reset();
      showChoice();
    },
    update: () => showChoice(),
    button: send,
  };

  /** Shows in the painted form what belongs to the choice in it. */
  const showChoice = () => {
    // Not from `formData`, for which the browser has to lay out the form.
    const score = +(find(".rb-star :checked")?.value ?? 0);
    base.setAttribute("data-score", score);
    setText(".rb-hint", score ? `score-${score}` : "hint");
    for (const [selector, hidden] of [
      [".rb-wrong", !score || score > 4],
      [".rb-comment", !score],
      [".rb-partial", !score || element.partial === "off"],
      [".rb-form [part=dismiss]", !element.dismissible && !find("dialog")],
      ["[part=never]", !element.optOut],
    ])
      find(selector).hidden = hidden;
    for (const issue of base.querySelectorAll("[name=Issue]"))
      issue.parentNode.toggleAttribute("data-checked", issue.checked);
  };

  /** Makes the painted form work. */
  const activatePainted = () => {
    form = painted;
    base.oninput = () => {
      // The code recognizes by this class that the user has made a choice meanwhile.
      base.className = "rb rb-painted";
      // The posted choice is no longer the present one.
      early &&= true;
      showChoice();
      if (codeFailed) fire("change", rating());
    };
    base.onsubmit = send;
    base.onkeydown = (event) => {
      if (event.key === "Enter" && event.target.matches("input")) send(event);
    };
    // The parts of the buttons are the names of these methods.
    base.onclick = ({ target }) => painted[target.part]?.();
    showChoice();
    reveal();
  };

  /** Opens the dialog and moves the focus, once there is a form. */
  const reveal = () => {
    const dialog = find("dialog");
    if (dialog && element.mode === "corner") dialog.open = true;
    // A dialog that was moved with its element is open, but not modal any more.
    else if (dialog && !dialog.matches(":modal")) {
      dialog.open = false;
      dialog.showModal();
      if (!dialog.getClientRects()[0]) {
        clear(0);
        return fireError("not-rendered", "an element around the dialog is not rendered");
      }
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
    if (base && !base.hidden && !find("form").hidden) {
      activatePainted();
      setText("[part=button]", "send");
      if (early) send();
    }
    fireError(errorCode(error), `${error}`);
  };

  const closeWithWindow = () => clear();

  /** Gives the form the style of its document. Ends it with its window, if that is another one than the script's. */
  const enterDocument = () => {
    dress(root);
    const { defaultView } = root.ownerDocument;
    if (defaultView !== window) defaultView.addEventListener("pagehide", closeWithWindow);
  };

  /** Creates the dialog, if there is one, and the form in it. */
  const build = () => {
    enterDocument();
    let parent = root;
    if (isDialog()) {
      parent = document.createElement("dialog");
      parent.part = "dialog";
      parent.className = `rb-${element.mode}`;
      parent.setAttribute("aria-label", texts.question);
      parent.onclose = () => {
        // The event is asynchronous: another dialog may have been opened since.
        if (!parent.isConnected) return;
        // Closing the dialog in any way counts as "Not now".
        find("[part=dismiss]")?.click();
        clear();
      };
      root.append(parent);
    }
    // An invalid token has no form.
    if (!call.leg) return parent;
    base = closed?.key === key ? closed.base : paint(texts);
    closed = 0;
    parent.append(base);
    const about = find(".rb-about");
    about.textContent = element.about ?? "";
    about.hidden = !element.about;
    const privacy = find(".rb-privacy");
    privacy.hidden = !element.privacyHref;
    if (element.privacyHref) privacy.href = element.privacyHref;
    activatePainted();
    if (base) countWhenRendered();
    return parent;
  };

  const reportAsked = () => {
    fire("asked", call.leg);
    callForm("asked");
  };

  /** Counts the form as asked when the user can see it: a host may show the element later. */
  const countWhenRendered = () => {
    const shown = base;
    const observer = new root.ownerDocument.defaultView.ResizeObserver(() => {
      if (shown === base && !base.getClientRects()[0]) return;
      observer.disconnect();
      if (shown !== base) return;
      seen = 1;
      rememberAsked(key);
      if (form !== painted) reportAsked();
    });
    observer.observe(base);
  };

  /** Shows the form. Gives up as soon as another `show` or `clear` has replaced `current`. */
  const show = async (showing = {}) => {
    current = showing;
    watchers.add(watch);
    const code = afterPaint()
      .then(loadCode)
      .catch((error) => ({ error }));
    const found = await textsFor(element);
    if (showing !== current) return;
    texts = found;
    let parent;
    try {
      parent = build();
    } catch (error) {
      clear(isOpen);
      return fireError("policy", `the form cannot be created: ${error}`);
    }
    const { mount, start, error } = await code;
    if (showing !== current) return;
    if (error) return watch(error);
    const report = (name, detail, target) => (target ? fire : emit)(name, detail);
    const mounted = guard(() => {
      start(emit);
      return mount(element, parent, server, texts, base || undefined, early, report);
    });
    if (!mounted) return;
    form = mounted;
    early = 0;
    fire("ready", {});
    if (seen) reportAsked();
    reveal();
  };

  const clear = (open) => {
    callForm("leave");
    callForm("free");
    watchers.delete(watch);
    current = key = texts = base = form = seen = codeFailed = early = 0;
    find("dialog")?.close();
    root.textContent = "";
    isOpen = open;
  };

  /** Applies the present attributes. */
  const update = () => {
    if (!element.isConnected) return clear();
    if (!(isOpen ?? !isDialog())) return;
    const { token } = element;
    const endpoint = (element.endpoint ?? server).replace(/\/+$/, "");
    // In the npm package there is no default.
    const isMissing = token && !endpoint;
    const problem = problemOf(element) ?? (isMissing ? "the attribute endpoint is missing" : undefined);
    const leg = legOf(token);
    const nextKey = problem ?? (leg ? [endpoint, ...Object.values(leg)].join() : token);
    const isSameCall = nextKey === key;
    // Clears the form of another call first, because sending its choice needs its own token.
    if (!isSameCall) clear(isOpen);
    call = { endpoint, leg, token };
    if (isSameCall) {
      // The element may have been moved to another document.
      if (texts) enterDocument();
      if (find("dialog[open]:not(:modal)")) reveal();
      return callForm("update");
    }
    key = nextKey;
    if (problem) return fireError("bad-attribute", problem);
    if (!key) return fire("skipped", { reason: "no-token" });
    const reason = leg && skipReason(element, key);
    if (reason) return fire("skipped", { reason });
    return show();
  };

  // Keys that are typed in the form are none of the host's shortcuts.
  for (const type of ["keydown", "keypress", "keyup"])
    root.addEventListener(type, (event) => {
      if (event.key === "Escape" && element.mode === "corner") find("dialog")?.close();
      if (!["Escape", "Tab"].includes(event.key)) event.stopPropagation();
    });

  Object.assign(element, {
    /** Shows the form for the given call, or for the present one. In `dialog` mode, opens the dialog. */
    async open(call) {
      Object.assign(element, call?.token && { failed: false, duration: null, about: null }, call);
      if (!current) key = 0;
      isOpen = 1;
      await update();
    },

    /** Removes the form, like removing the element. `open` brings it back. */
    close() {
      const kept = base && !base.matches("[hidden],[data-done]") && { key, base };
      clear(0);
      closed = kept;
    },

    /** Discards a choice that has not been sent and starts over. */
    reset: () => callForm("reset"),

    focus,
  });
  return update;
};
