import assert from "node:assert/strict";

import { endedCall } from "../lib/host-page.js";
import { waitFor } from "../lib/wait.js";
import { Form } from "./form.js";
import { Site } from "./site.js";

/** What a situation has: a new tab of an engine, and a site on origins of its own with the widget for a new call. */
export class Stage {
  static async set(browser, server) {
    const stage = new Stage();
    stage.server = server;
    stage.account = server.account;
    stage.site = await Site.start(server);
    stage.call = await endedCall(server);
    stage.tab = await browser.newTab();
    stage.form = new Form(stage.tab);
    return stage;
  }

  async clear() {
    await this.tab.close();
    this.site.stop();
  }

  /** The element's tag with these attributes, for this call. */
  element(attributes = "", { token } = this.call) {
    return `<ringback-rating endpoint="${this.site.endpoint}" token="${token}" ${attributes}></ringback-rating>`;
  }

  /** Serves a page of the host. `body` is its content, by default the element with these attributes between two buttons. */
  serve({ path = "/", attributes, body, head = "", lang = "en", policy } = {}) {
    const content =
      body ?? `<button id="before">Call again</button>${this.element(attributes)}<button id="behind">Contacts</button>`;
    this.site.pages[path] = {
      policy,
      html: `<!doctype html><html lang="${lang}"><head><title>Softphone</title><script src="/recorder.js"></script>
        <meta name="viewport" content="width=device-width">${head}
        <script type="module" src="${this.site.endpoint}/embed/ringback.js"></script></head>
        <body>${content}</body></html>`,
    };
  }

  goto(path = "/") {
    return this.tab.goto(this.site.origin + path);
  }

  /** Serves a page and opens it, and waits for the event `until`, if it is not null. */
  async open({ until = "ready", ...page } = {}) {
    this.serve(page);
    await this.goto();
    if (until) await this.event(until);
  }

  /** The form in a frame of the page, once it is there, and the frame as a tab: `{ form, tab }`. */
  async framed(css) {
    const tab = await this.tab.frame(css);
    const form = new Form(tab);
    await waitFor("the form in the frame", () => form.isShown(form.send()), { seconds: 20 });
    return { form, tab };
  }

  /** The details of the events called `name`, since the page was loaded. */
  events(name) {
    return this.tab.evaluate(
      (name) => globalThis.recorded.filter((event) => event.name === name).map(({ detail }) => detail),
      name,
    );
  }

  /** Waits for the latest event called `name`, or for the one with this number; returns its detail. */
  event(name, number = 1) {
    return waitFor(
      `${number} of ringback-${name}`,
      async () => {
        const events = await this.events(name);
        return events.length >= number && events.at(-1);
      },
      { seconds: 20 },
    );
  }

  /** Asserts that the server has this rating of the call, now. */
  async isRated(score, issues = [], { sid } = this.call) {
    assert.deepEqual(await this.account.rating(sid), { score, issues });
  }

  async isNotRated({ sid } = this.call) {
    assert.equal(await this.account.rating(sid), undefined);
  }

  /** Waits until the server has this rating of the call. */
  async willBeRated(score, issues = [], { sid } = this.call) {
    await waitFor("the rating", () => this.account.rating(sid), { seconds: 30 });
    await this.isRated(score, issues);
  }

  /** The server's record of the call. */
  async record() {
    const calls = await this.account.find({ rated: "all", limit: 200 });
    return calls.find(({ sid }) => sid === this.call.sid);
  }

  async comment() {
    return (await this.record()).feedback.comment;
  }

  /** Asserts that the page broke no policy and threw nothing. */
  async isQuiet() {
    assert.deepEqual(await this.tab.evaluate(() => globalThis.complaints), []);
  }
}
