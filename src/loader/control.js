// What an element shows: first the form as HTML, painted at once, in which a person can choose and send. When the form's code is
// there, its form takes that one's place, with what was chosen. If the code cannot run, the painted one is all there is.

import { form as html, problemOf, style } from "ringback:generated";

import { legOf, remember, skips } from "./ask.js";
import { call, codeOf, needed, tell, watchers } from "./code.js";
import { wordsFor } from "./words.js";

export const origin = new URL(import.meta.url).origin;
// One for all elements. Constructed, because a `<style>` needs more than `style-src 'self'`.
let sheet;

/** Gives an element its shadow root and its methods; returns what shows what belongs to its attributes. */
export const control = (element) => {
  const root = element.attachShadow({ mode: "open" });
  // Whether to show something; if nobody has said so, unless it is a dialog.
  let wanted;
  let focusWhenShown;
  // For what something is shown. Each showing is another `current`.
  let key, leg, endpoint, token, current;
  // In which words and what: the painted form, or the one with code.
  let words, form;
  // The painted form is all there is.
  let alone;
  // Send was pressed before the code was there: the answer that will come, if what is chosen is what was sent.
  let pressed;

  const fire = (name, detail) => tell(name, detail, element);
  const fail = (code, message, status) => fire("error", { code, message, status });
  const find = (selector) => root.querySelector(selector);
  const set = (selector, name) => (find(selector).textContent = words[name]);
  const act = (name) => form && call(() => form[name]?.());

  /** What is chosen, as it is posted. */
  const pairs = () => {
    const pairs = new URLSearchParams(new FormData(find("form")));
    // Ticked boxes that are out of sight are not sent.
    if (pairs.get("QualityScore") > 4) pairs.delete("Issue");
    return pairs;
  };
  const rating = (chosen = pairs()) => ({ score: +chosen.get("QualityScore"), issues: chosen.getAll("Issue") });

  /** In one plain request: no other origin has to be asked first. The answer, or why there is none. */
  const post = (revision) => {
    const body = pairs();
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
    const lacks = !sent.score || (sent.score <= element.requireIssue && !sent.issues[0]);
    if (alone && lacks) return set(".rb-wrong p", "choose-issue");
    set("button", "sending");
    set("[role=alert]");
    // The code sees to the answer, and to what is lacking. All that it sends is above the first revision.
    if (!alone) return (pressed ||= lacks || post(1));
    const { ok, status, statusText, message = statusText } = await post();
    if (ok) {
      form = 0;
      find("form").hidden = true;
      set("[role=status]", "thanks");
      return fire("submitted", sent);
    }
    set("button", "again");
    set("[role=alert]", status ? (status < 429 ? "refused" : "busy") : "unreachable");
    fail(status ? "refused" : "network", message, status);
  };

  /** In the place of the code's form. */
  const painted = {
    /** When the form goes, or the page, what counts is sent. */
    leave() {
      if (rating().score && (pressed || element.partial !== "off")) post();
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

  /** The form in the page works without code. */
  const offer = () => {
    form = painted;
    const place = find(".rb");
    place.oninput = () => {
      // That is not what was sent.
      pressed &&= 1;
      set(".rb-hint", `score-${rating().score}`);
      if (alone) fire("change", rating());
    };
    place.onsubmit = send;
    // Its buttons are called what they do.
    place.onclick = ({ target }) => painted[target.part]?.();
    appear();
  };

  /** A form can be used. */
  const appear = () => {
    const dialog = find("dialog");
    if (dialog && !dialog.open) {
      dialog.onclose = () => {
        // It comes later, when another may have been opened.
        if (!dialog.isConnected) return;
        // Whoever closes it in whatever way says so.
        find("[part=dismiss]")?.click();
        empty();
      };
      dialog.showModal();
    }
    if (focusWhenShown) focus();
  };

  /** Focuses the stars; when the form is not there yet, as soon as it is. */
  const focus = (options) => {
    const star = find(":checked") ?? find("input");
    focusWhenShown = !star;
    star?.focus(options);
  };

  /** The page is hidden and may go away; with an error, the code cannot be used. */
  const notice = (error) => {
    if (!error) return act("leave");
    if (!words || alone) return;
    alone = 1;
    // What is done stays as it is.
    if (leg && !find("[hidden] form,form[hidden]")) {
      offer();
      set("button", "send");
      // Now the browser says what is missing.
      find("form").noValidate = false;
      if (pressed) find("form").requestSubmit();
    }
    fail(codeOf(error), error + "");
  };

  const show = async () => {
    const mine = (current = {});
    watchers.add(notice);
    // Until it is there, there is more to fetch.
    const code = needed().catch((error) => ({ error }));
    const found = await wordsFor(element);
    sheet ??= await new CSSStyleSheet().replace(style);
    if (mine !== current) return;
    words = found;
    root.adoptedStyleSheets = [sheet];
    const dialog = element.mode === "dialog" ? '<dialog part=dialog aria-label="{question}">' : "";
    // A bad token has no form.
    root.innerHTML = (dialog + (leg ? html : "")).replace(/{([\w-]+)}/g, (_, name) => new Option(words[name]).innerHTML);
    if (leg) offer();
    const { mount, error } = await code;
    if (mine !== current) return;
    if (error) return notice(error);
    const mounted = call(() => mount(element, find("dialog") ?? root, origin, words, find(".rb"), pressed, tell));
    if (!mounted) return;
    form = mounted;
    pressed = 0;
    fire("ready", {});
    appear();
  };

  const empty = (now) => {
    act("leave");
    act("free");
    watchers.delete(notice);
    current = key = words = form = alone = pressed = 0;
    find("dialog")?.close();
    root.innerHTML = "";
    wanted = now;
  };

  /** Shows what belongs to the attributes as they are now. */
  const update = () => {
    if (!element.isConnected) return empty();
    if (!(wanted ?? element.mode !== "dialog")) return;
    const message = problemOf(element);
    const server = (element.endpoint ?? origin).replace(/\/+$/, "");
    const side = legOf(element.token);
    const next = message ?? (side ? [server, ...Object.values(side)].join() : element.token);
    if (next === key) {
      token = element.token;
      return act("update");
    }
    // What counts of the old one is still sent with its own token.
    empty(wanted);
    token = element.token;
    key = next;
    leg = side;
    endpoint = server;
    if (message) return fail("bad-attribute", message);
    if (!key) return;
    const reason = leg && skips(element, key);
    if (reason) return fire("skipped", { reason });
    if (leg) {
      remember("leg", key);
      remember("asked", Date.now());
    }
    return show();
  };

  Object.assign(element, {
    /** Shows the form, for the call of this token if one is given; as a dialog if `mode` says so. */
    async open(call) {
      Object.assign(element, call?.token && { failed: false, duration: null }, call);
      if (!current) key = 0;
      wanted = 1;
      await update();
    },

    /** Takes the form away, as removing the element does. */
    close: () => empty(false),

    /** Forgets what was chosen and not sent, and starts anew. */
    reset: () => act("reset"),

    focus,
  });
  return update;
};
