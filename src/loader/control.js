// What an element shows: first the form as HTML, painted at once, in which a person can choose. When the form's code is there, its
// form takes that one's place, with what was chosen. If the code cannot run, the painted one stays and sends by itself.

import { form as html, problemOf, style } from "ringback:generated";

import { legOf, remember, skips } from "./ask.js";
import { call, codeOf, needed, watchers } from "./code.js";
import { wordsFor } from "./words.js";

export const origin = new URL(import.meta.url).origin;
// One for all elements. Constructed, because a `<style>` needs more than `style-src 'self'`.
let sheet;

/** What the element's callbacks and methods do. */
export const control = (element) => {
  const root = element.attachShadow({ mode: "open" });
  // Whether to show something; if nobody has said so, unless it is a dialog.
  let wanted;
  let focusWhenShown;
  // For what something is shown. Each showing is another `current`.
  let key, leg, endpoint, token, current;
  // In which words and what: the painted form, or the one with code.
  let words, painted, form;
  // The painted form is all there is; its Send was pressed.
  let alone, pressed;

  const fire = (name, detail) =>
    element.dispatchEvent(new CustomEvent(`ringback-${name}`, { bubbles: true, composed: true, detail }));
  const fail = (code, message, status) => fire("error", { code, message, status });
  const find = (selector) => root.querySelector(selector);
  const set = (selector, name) => (find(selector).textContent = words[name]);
  const fields = () => [...root.querySelectorAll("input, textarea")];

  /** What is chosen, as it is posted. */
  const pairs = () => {
    const pairs = new URLSearchParams(new FormData(find("form")));
    // Ticked boxes that are out of sight are not sent.
    if (pairs.get("QualityScore") > 4) pairs.delete("Issue");
    return pairs;
  };
  const rating = (chosen = pairs()) => ({ score: +chosen.get("QualityScore"), issues: chosen.getAll("Issue") });

  /** In one plain request: no other origin has to be asked first. */
  const post = (keepalive) => {
    const body = pairs();
    body.append("Token", token);
    const url = `${endpoint}/2010-04-01/Accounts/${leg.account}/Calls/${encodeURIComponent(leg.call)}/Feedback.json`;
    return fetch(url, { method: "POST", body, keepalive, credentials: "omit" });
  };

  const send = async () => {
    pressed = 1;
    set("button", "sending");
    set("[role=alert]");
    if (!alone) return;
    const sent = rating();
    const answer = await post().catch((error) => error);
    const { status } = answer;
    if (answer.ok) {
      find("form").hidden = true;
      set("[role=status]", "thanks");
      return fire("submitted", sent);
    }
    set("button", "again");
    set("[role=alert]", status ? (status < 429 ? "refused" : "busy") : "unreachable");
    fail(status ? "refused" : "network", answer.statusText ?? answer.message, status);
  };

  /** When the form goes, or the page, what counts is sent. */
  const leave = () => {
    if (painted && !find("form").hidden && rating().score && (pressed || element.partial !== "off")) post(true).catch(() => {});
  };

  const dismiss = (forever) => {
    if (form) return call(() => form.dismiss());
    if (!find("form").hidden) fire("dismissed", { ...leg, forever });
    painted.hidden = true;
    current = painted = 0;
    find("dialog")?.close();
  };

  /** Shows the form without code. A bad token has none. */
  const paint = () => {
    const dialog = element.mode === "dialog" ? '<dialog part="dialog" aria-label="{question}">' : "";
    root.innerHTML = (dialog + (leg ? html : "")).replace(/{([\w-]+)}/g, (_, name) => new Option(words[name]).innerHTML);
    painted = find(".rb");
    if (!painted) return;
    painted.oninput = () => {
      set(".rb-hint", `score-${rating().score}`);
      if (alone) fire("change", rating());
    };
    painted.onsubmit = (event) => {
      event.preventDefault();
      send();
    };
    painted.onclick = ({ target: { part } }) => {
      if (/dismiss|never/.test(part)) dismiss(/never/.test(part) || undefined);
    };
    appear();
  };

  /** A form can be used. */
  const appear = () => {
    const dialog = find("dialog");
    if (dialog && !dialog.open) {
      dialog.oncancel = () => dismiss();
      // It comes later, when another may have been opened.
      dialog.onclose = () => dialog.isConnected && empty();
      dialog.showModal();
    }
    if (focusWhenShown) focus();
  };

  const focus = (options) => {
    const star = find(":checked") ?? find("input");
    focusWhenShown = !star;
    star?.focus(options);
  };

  /** The page is hidden and may go away; with an error, the code cannot be used. */
  const notice = (error) => {
    if (!error) return leave();
    if (!words || alone) return;
    alone = 1;
    // What is done stays as it is.
    if (leg && !painted && !find("[hidden] form, form[hidden]")) {
      const old = fields();
      paint();
      fields().forEach((field, i) => ({ checked: field.checked, value: field.value } = old[i]));
    }
    form = 0;
    if (painted) {
      // Now the browser says what is missing.
      find("form").noValidate = false;
      if (pressed) find("form").requestSubmit();
    }
    fail(codeOf(error), `${error}`);
  };

  const show = async () => {
    const mine = (current = {});
    watchers.add(notice);
    // Awaited below; until then there is more to fetch.
    needed().catch(() => {});
    const found = await wordsFor(element);
    if (mine !== current) return;
    words = found;
    paint();
    try {
      const { mount } = await needed();
      if (mine !== current) return;
      form = call(() => mount(element, find("dialog") ?? root, origin, words, painted, pressed));
      if (!form) return;
      painted = 0;
      fire("ready", {});
      appear();
    } catch (error) {
      if (mine === current) notice(error);
    }
  };

  const empty = (now) => {
    leave();
    const last = form;
    watchers.delete(notice);
    current = key = words = painted = form = alone = pressed = 0;
    if (last) call(() => last.free());
    find("dialog")?.close();
    root.innerHTML = "";
    wanted = now;
  };

  /** Shows what belongs to the attributes as they are now. */
  const update = () => {
    if (!element.isConnected) return empty();
    if (!(wanted ?? element.mode !== "dialog")) return;
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
    }
    root.adoptedStyleSheets = [sheet];
    const message = problemOf(element);
    const server = (element.endpoint ?? origin).replace(/\/+$/, "");
    const side = legOf(element.token);
    const next = message ?? (side ? [server, ...Object.values(side)].join() : element.token);
    const same = next === key;
    // What counts of the old one is still sent with its own token.
    if (!same) empty(wanted);
    ({ token } = element);
    if (same) return form && call(() => form.update());
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

  element.addEventListener("ringback-dismissed", ({ detail }) => detail.forever && remember("never", 1));
  return {
    update,
    empty,
    focus,
    open(call) {
      Object.assign(element, call?.token && { failed: false, duration: null }, call);
      if (!current) key = 0;
      wanted = 1;
      return update();
    },
    reset() {
      if (form) call(() => form.reset());
      else find("form")?.reset();
    },
  };
};
