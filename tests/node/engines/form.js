import assert from "node:assert/strict";

import { waitFor } from "../lib/wait.js";

/** The widget in a tab; `host` is a selector of its element. */
export class Form {
  constructor(tab, host = "ringback-rating") {
    this.tab = tab;
    this.host = host;
  }

  #target = (css, nth) => ({ css, nth, host: this.host });
  star = (score) => this.#target(".rb-star", score - 1);
  issue = (name) => this.#target(`.rb-issue:has([value="${name}"])`);
  comment = () => this.#target("textarea");
  send = () => this.#target(".rb-form [part=button]");
  change = () => this.#target("[part=change]");
  notNow = () => this.#target(".rb-form [part=dismiss]");

  async write(comment) {
    await this.tab.click(this.comment());
    await this.tab.type(comment);
  }

  /** The texts of the elements that match and that the user sees. */
  async texts(css = ".rb p") {
    const texts = await this.tab.each(
      this.#target(css),
      (element) => element.getClientRects().length > 0 && element.textContent.trim(),
    );
    return texts.filter(Boolean);
  }

  isTicked(name) {
    return this.tab.each(this.#target(`[value="${name}"]`), (box) => box.checked).then(([checked]) => checked);
  }

  /** Waits until the form says this. */
  says(text) {
    return waitFor(`“${text}”`, async () => (await this.texts()).some((shown) => shown.includes(text)), {
      seconds: 20,
    }).catch(async (error) => {
      throw new Error(`${error.message}; it says ${JSON.stringify(await this.texts())}`, { cause: error });
    });
  }

  /** Waits for the thanks for a rating. */
  thanks() {
    return this.says("Thank you");
  }

  isShown(target) {
    return this.tab
      .each(target, (element) => element.getClientRects().length > 0)
      .then((shown) => shown.length > 0 && shown.every(Boolean));
  }

  /** The stars that are lit, from their colour on the screen. */
  async lit() {
    const fills = await this.tab.each(this.#target(".rb-star svg"), (svg) => getComputedStyle(svg).fill);
    return fills
      .map((fill, index) => (/^(none|transparent|rgba\(.*, 0\))$/.test(fill) ? 0 : index + 1))
      .filter(Boolean);
  }

  /** Waits until exactly the stars up to this score are lit. */
  async isLitUpTo(score) {
    const expected = [1, 2, 3, 4, 5].slice(0, score);
    let lit;
    await waitFor("the stars", async () => `${(lit = await this.lit())}` === `${expected}`, { seconds: 5 }).catch(
      () => {},
    );
    assert.deepEqual(lit, expected, `the stars that are lit for a score of ${score}`);
  }
}
