import puppeteer from "puppeteer-core";

import { Tab } from "./tab.js";

/** Launches Chromium over DevTools, or Firefox over WebDriver BiDi. */
export async function launch(options) {
  const browser = await puppeteer.launch({ headless: true, defaultViewport: null, ...options });
  return {
    version: (await browser.version()).replace(/^.*\//, ""),
    newTab: async () => new PuppeteerTab(await browser.newPage()),
    close: () => browser.close(),
  };
}

class PuppeteerTab extends Tab {
  /** `content` is the page, or one of its frames that the element `element` shows. */
  constructor(page, content = page, element = undefined) {
    super();
    this.page = page;
    this.content = content;
    this.element = element;
    this.popups = [];
  }

  async goto(url) {
    await this.page.goto(url);
  }

  async reload() {
    await this.page.reload();
  }

  run(source, args) {
    return this.content.evaluate(`(${source})(...${JSON.stringify(args)})`);
  }

  async pointer(x, y, type) {
    await (type === "touch" ? this.page.touchscreen.tap(x, y) : this.page.mouse.click(x, y));
  }

  async hover(x, y) {
    await this.page.mouse.move(x, y);
  }

  async press(key, { shift = false } = {}) {
    const { keyboard } = this.page;
    if (shift) await keyboard.down("Shift");
    await keyboard.press(key);
    if (shift) await keyboard.up("Shift");
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  async frame(css) {
    const element = await this.page.waitForSelector(css);
    return new PuppeteerTab(this.page, await element.contentFrame(), element);
  }

  async offset() {
    return this.element ? this.element.boundingBox() : super.offset();
  }

  async popup(open) {
    const opened = new Promise((resolve) => this.page.once("popup", resolve));
    await open();
    const popup = new PuppeteerTab(await opened);
    this.popups.push(popup);
    return popup;
  }

  screenshot() {
    return this.page.screenshot();
  }

  async resize(width, height) {
    await this.page.setViewport({ width, height });
  }

  async close() {
    for (const { page } of [...this.popups, this]) await page.close();
  }
}
