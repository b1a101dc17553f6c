// Pages that hosts put the widget on.
import assert from "node:assert/strict";

import { endedCall } from "../../lib/host-page.js";
import { Form } from "../form.js";

/** Chooses a low score, which shows the whole form, and sends it. */
async function rateLow(stage, { form, tab } = stage) {
  await tab.click(form.star(2));
  await form.isLitUpTo(2);
  await tab.click(form.issue("dropped-call"));
  await tab.click(form.send());
  await form.thanks();
  await stage.isRated(2, ["dropped-call"]);
}

/** The computed styles of the form's main parts. */
const look = (tab) =>
  tab.each({ css: ".rb, .rb-star, .rb-star svg, .rb button" }, (element) => {
    const { display, color, backgroundColor, borderRadius, fill, fontSize } = getComputedStyle(element);
    return [display, color, backgroundColor, borderRadius, fill, fontSize];
  });

export const hosts = {
  async "the element works inside a form of the host and does not submit it"(stage) {
    const { form, tab } = stage;
    await stage.open({
      body: `<form action="/found"><input name="q" value="Bob">${stage.element()}<button id="search">Search</button></form>`,
    });
    stage.serve({ path: "/found?q=Bob", body: "Found" });
    await tab.click(form.star(1));
    await form.isLitUpTo(1);
    // Enter would submit the host's form implicitly.
    await tab.press("Home");
    await rateLow(stage);
    assert.equal(await tab.evaluate(() => location.pathname), "/");
    await stage.isQuiet();
    // The host's form has only its own fields.
    await tab.click({ css: "#search" });
    await tab.waitFor("the host’s form to be submitted", () => location.pathname + location.search === "/found?q=Bob");
  },

  async "Enter in the form does not submit the host’s form"(stage) {
    const { form, tab } = stage;
    await stage.open({
      body: `<form action="/found"><input name="q">${stage.element()}<button>Search</button></form>`,
    });
    await tab.click(form.star(5));
    await form.isLitUpTo(5);
    await tab.press("Enter");
    await form.thanks();
    await stage.isRated(5);
    assert.equal(await tab.evaluate(() => location.pathname), "/");
  },

  async "the element moves to a popup with its choice and its style"(stage) {
    const { form, tab } = stage;
    await stage.open({
      body: `<button id="pop" onclick="opened = open('about:blank', '', 'width=500,height=700')">Pop out</button>
        ${stage.element()}`,
    });
    await tab.click(form.star(4));
    await form.isLitUpTo(4);
    const before = await look(tab);
    const popup = await tab.popup(() => tab.click({ css: "#pop" }));
    await tab.evaluate(() => globalThis.opened.document.body.append(document.querySelector("ringback-rating")));
    const moved = { tab: popup, form: new Form(popup) };
    await moved.form.isLitUpTo(4);
    assert.deepEqual(await look(popup), before);
    await rateLow(stage, moved);
    await stage.isQuiet();
  },

  async "the element moves to a frame of the page with its choice and its style"(stage) {
    const { form, tab } = stage;
    await stage.open({ body: `${stage.element()}<iframe id="frame" srcdoc="" width="440" height="640"></iframe>` });
    await tab.click(form.star(4));
    await form.isLitUpTo(4);
    const before = await look(tab);
    await tab.evaluate(() =>
      document.querySelector("#frame").contentDocument.body.append(document.querySelector("ringback-rating")),
    );
    const framed = await stage.framed("#frame");
    await framed.form.isLitUpTo(4);
    assert.deepEqual(await look(framed.tab), before);
    await rateLow(stage, framed);
    await stage.isQuiet();
  },

  async "the element is first shown in a frame of the page"(stage) {
    await stage.open({ until: null, body: `<iframe id="frame" srcdoc="" width="440" height="640"></iframe>` });
    await stage.tab.evaluate(
      async (endpoint, token) => {
        await customElements.whenDefined("ringback-rating");
        const element = document.createElement("ringback-rating");
        Object.assign(element, { endpoint, token });
        document.querySelector("#frame").contentDocument.body.append(element);
      },
      stage.site.endpoint,
      stage.call.token,
    );
    const framed = await stage.framed("#frame");
    // The browser's own style of a <div> has no background.
    const [[display, , backgroundColor]] = await look(framed.tab);
    assert.equal(display, "block");
    assert.notEqual(backgroundColor, "rgba(0, 0, 0, 0)");
    await rateLow(stage, framed);
    await stage.isQuiet();
  },

  // Firefox handles events of the database while it opens a window, but no promises.
  async "the host opens a window at each change"(stage) {
    await stage.open();
    await stage.tab.evaluate(() => {
      globalThis.opened = 0;
      document.addEventListener("ringback-change", () => {
        const popup = open("about:blank", "", "width=300,height=300");
        if (popup) globalThis.opened += 1;
        popup?.close();
      });
    });
    await rateLow(stage);
    assert.ok((await stage.tab.evaluate(() => globalThis.opened)) > 0, "no window was opened");
    await stage.isQuiet();
  },

  async "a call is rated in Ringback’s frame"(stage) {
    const { account, site, call } = stage;
    await stage.open({
      until: null,
      body: `<iframe id="frame" src="${site.endpoint}/frame/${account.sid}#${call.token}" width="440" height="640"></iframe>
        <script>messages = []; onmessage = ({ origin, data }) => messages.push({ origin, ...data });</script>`,
    });
    const framed = await stage.framed("#frame");
    await rateLow(stage, framed);
    const messages = await stage.tab.evaluate(() => globalThis.messages);
    const submitted = messages.filter(({ type }) => type === "ringback-submitted");
    assert.deepEqual(submitted, [
      { origin: site.endpoint, type: "ringback-submitted", detail: { score: 2, issues: ["dropped-call"] } },
    ]);
    // The frame's height follows the form, which is shorter after Send.
    const heights = messages.filter(({ type }) => type === "ringback-resize").map(({ detail }) => detail.height);
    assert.ok(heights.at(-1) < Math.max(...heights), `heights: ${heights}`);
  },

  async "a call is rated in a sandboxed frame without allow-forms and allow-same-origin"(stage) {
    stage.serve({ path: "/inner" });
    await stage.open({
      until: null,
      body: `<iframe id="frame" sandbox="allow-scripts" src="/inner" width="440" height="640"></iframe>`,
    });
    const framed = await stage.framed("#frame");
    assert.equal(await framed.tab.evaluate(() => origin), "null");
    await rateLow(stage, framed);
  },

  async "the form breaks no strict policy"(stage) {
    const { endpoint } = stage.site;
    await stage.open({
      policy: `default-src 'none'; script-src 'self' ${endpoint} 'wasm-unsafe-eval'; connect-src ${endpoint}; img-src 'self'; base-uri 'none'; form-action 'none'`,
    });
    await rateLow(stage);
    await stage.isQuiet();
  },

  async "the form works where a policy requires trusted types"(stage) {
    await stage.open({ policy: "require-trusted-types-for 'script'; trusted-types ringback" });
    await rateLow(stage);
    await stage.isQuiet();
  },

  async "texts of the host are shown as text"(stage) {
    const { form, tab } = stage;
    const question = 'With x" onfocusin="alert(1)';
    await stage.open({ until: null, body: "<ringback-rating></ringback-rating>" });
    await tab.evaluate(
      ({ endpoint, token, question }) => {
        globalThis.alert = () => globalThis.complaints.push("a text was executed");
        const element = document.querySelector("ringback-rating");
        const markup = `<img src=x onerror="alert(2)">&amp;`;
        Object.assign(element, {
          texts: { question, hint: markup, send: markup, "stars-1": question },
          endpoint,
          token,
        });
      },
      { endpoint: stage.site.endpoint, token: stage.call.token, question },
    );
    await stage.event("ready");
    assert.deepEqual(await form.texts("legend"), [question]);
    assert.deepEqual(await form.texts(".rb-hint"), ['<img src=x onerror="alert(2)">&amp;']);
    assert.deepEqual(await form.texts(".rb-form [part=button]"), ['<img src=x onerror="alert(2)">&amp;']);
    assert.deepEqual(await tab.each({ css: "[onfocusin], [onerror], img" }, (element) => element.outerHTML), []);
    await rateLow(stage);
    await stage.isQuiet();
  },

  async "keys that the user types do not reach the host, apart from Escape and Tab"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.evaluate(() => {
      globalThis.keys = [];
      for (const type of ["keydown", "keypress", "keyup"])
        document.addEventListener(type, ({ key }) => globalThis.keys.push(key));
    });
    await tab.click(form.star(2));
    await tab.press("ArrowRight");
    await form.write("12 #3");
    await tab.press("Escape");
    await tab.press("Tab");
    const keys = await tab.evaluate(() => globalThis.keys);
    assert.deepEqual([...new Set(keys)], ["Escape", "Tab"]);
    await form.isLitUpTo(3);
    assert.deepEqual(await tab.each(form.comment(), (comment) => comment.value), ["12 #3"]);
    // Keys outside of the form are the host's.
    await tab.click({ css: "#before" });
    await tab.press("5");
    await tab.waitFor("the key", () => globalThis.keys.includes("5"));
  },

  async "two elements on a page share nothing"(stage) {
    const { tab } = stage;
    const other = await endedCall(stage.server);
    await stage.open({ body: stage.element('id="a"') + stage.element('id="b"', other) });
    await stage.event("ready", 2);
    const [a, b] = [new Form(tab, "#a"), new Form(tab, "#b")];
    await tab.click(a.star(2));
    await tab.click(b.star(4));
    await tab.click(b.issue("one-way-audio"));
    await a.isLitUpTo(2);
    await b.isLitUpTo(4);
    assert.equal(await a.isTicked("one-way-audio"), false);
    await tab.click(a.send());
    await a.thanks();
    await stage.isRated(2);
    await stage.isNotRated(other);
    assert.deepEqual(
      (await b.texts()).filter((text) => text.includes("Thank you")),
      [],
    );
    await tab.click(b.send());
    await b.thanks();
    await stage.isRated(4, ["one-way-audio"], other);
  },

  async "a token for another call starts a new form"(stage) {
    const { form, tab } = stage;
    await stage.open();
    await tab.click(form.star(4));
    await form.isLitUpTo(4);
    const next = await endedCall(stage.server);
    await tab.evaluate((token) => document.querySelector("ringback-rating").setAttribute("token", token), next.token);
    await stage.event("ready", 2);
    await form.isLitUpTo(0);
    await stage.willBeRated(4);
    await tab.click(form.star(1));
    await tab.click(form.send());
    await form.thanks();
    await stage.isRated(1, [], next);
    await stage.isRated(4);
  },

  async "the form is dark where the host is dark"(stage) {
    const { tab, form } = stage;
    /** The lightness of the form's background and of its text, from 0 to 255. */
    const lightness = async () => {
      const [colors] = await tab.each({ css: ".rb" }, (base) => {
        const { backgroundColor, color } = getComputedStyle(base);
        return [backgroundColor, color];
      });
      return colors.map((color) =>
        color
          .match(/\d+/g)
          .slice(0, 3)
          .reduce((sum, part) => sum + part / 3, 0),
      );
    };
    await stage.open({ head: "<style>ringback-rating { color-scheme: light }</style>" });
    const [lightSurface, darkText] = await lightness();
    assert.ok(lightSurface > 200 && darkText < 60, `${lightSurface}, ${darkText}`);
    stage.serve({ head: "<style>ringback-rating { color-scheme: dark }</style>" });
    await tab.reload();
    await stage.event("ready");
    const [darkSurface, lightText] = await lightness();
    assert.ok(darkSurface < 60 && lightText > 200, `${darkSurface}, ${lightText}`);
    await tab.click(form.star(3));
    await form.isLitUpTo(3);
  },
};
