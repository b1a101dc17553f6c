// WebKitGTK, by WebKitWebDriver and the small browser of its package in a virtual display.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Builder, Key, until } from "selenium-webdriver";
import { freePort } from "../../lib/free-port.js";
import { onPath } from "../../lib/on-path.js";
import { waitFor } from "../../lib/wait.js";
import { findMiniBrowser, start } from "./processes.js";
import { Tab } from "./tab.js";

export const webkit = {
  name: "webkit",
  // The driver turns touches into clicks of the mouse.
  hasTouch: false,
  launch,
};

async function launch() {
  const home = await mkdtemp(join(tmpdir(), "ringback-webkit-"));
  const screen = start(onPath("Xvfb"), ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [display] = await once(screen.child.stdio[3], "data");
  const port = await freePort();
  const driverProcess = start(onPath("WebKitWebDriver"), [`--port=${port}`], {
    stdio: "ignore",
    env: {
      PATH: process.env.PATH,
      // The browser's own profile, and no session bus, GPU or assistive technology of the machine.
      HOME: home,
      XDG_RUNTIME_DIR: home,
      XDG_CACHE_HOME: join(home, "cache"),
      XDG_CONFIG_HOME: join(home, "config"),
      XDG_DATA_HOME: join(home, "data"),
      DISPLAY: `:${`${display}`.trim()}`,
      GDK_BACKEND: "x11",
      LIBGL_ALWAYS_SOFTWARE: "1",
      NO_AT_BRIDGE: "1",
      // The sandbox needs privileges that a container does not have.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
    },
  });
  const address = `http://127.0.0.1:${port}`;
  await waitFor("WebKitWebDriver", async () => (await fetch(`${address}/status`)).ok);
  const driver = await new Builder()
    .usingServer(address)
    .withCapabilities({
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": { binary: await findMiniBrowser(), args: ["--automation"] },
    })
    .build();
  const first = await driver.getWindowHandle();
  const state = { current: first, frame: null };
  return {
    version: (await driver.getCapabilities()).get("browserVersion"),
    // Always the first window: WebKitGTK hides the content of others, and one profile has no state across origins.
    newTab: async () => new WebKitTab(driver, state, first),
    async close() {
      await driver.quit();
      await driverProcess.stop();
      await screen.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

class WebKitTab extends Tab {
  /** `state` says which window and frame the driver is in. `css` is the frame of this page, if it is in one. */
  constructor(driver, state, handle, css = null) {
    super();
    this.driver = driver;
    this.state = state;
    this.handle = handle;
    this.css = css;
  }

  /** Has the driver talk to this window, and to this frame in it, or to the whole page. */
  async #enter(css = this.css) {
    const { driver, state } = this;
    if (state.current !== this.handle) {
      await driver.switchTo().window(this.handle);
      Object.assign(state, { current: this.handle, frame: null });
    }
    if (state.frame === css) return;
    await driver.switchTo().defaultContent();
    state.frame = null;
    if (!css) return;
    await driver.wait(until.ableToSwitchToFrame({ css }), 10_000);
    state.frame = css;
  }

  async goto(url) {
    await this.#enter();
    await this.driver.get(url);
  }

  async reload() {
    await this.#enter();
    await this.driver.navigate().refresh();
  }

  async run(source, args) {
    await this.#enter();
    return this.driver.executeScript(`return (${source})(...arguments)`, ...args);
  }

  async pointer(x, y) {
    await this.#enter(null);
    await this.driver
      .actions()
      .move({ x: Math.round(x), y: Math.round(y), duration: 0 })
      .click()
      .perform();
  }

  async hover(x, y) {
    await this.#enter(null);
    await this.driver.actions().move({ x, y, duration: 0 }).perform();
  }

  async press(key, { shift = false } = {}) {
    await this.#enter();
    const code =
      key.length === 1 ? key : Key[key === "Space" ? "SPACE" : key.replace(/^Arrow/, "ARROW_").toUpperCase()];
    const actions = this.driver.actions();
    if (shift) actions.keyDown(Key.SHIFT);
    actions.keyDown(code).keyUp(code);
    if (shift) actions.keyUp(Key.SHIFT);
    await actions.perform();
  }

  async type(text) {
    await this.#enter();
    await this.driver.actions().sendKeys(text).perform();
  }

  async frame(css) {
    return new WebKitTab(this.driver, this.state, this.handle, css);
  }

  async offset() {
    if (!this.css) return super.offset();
    await this.#enter(null);
    return this.driver.executeScript(
      "const { x, y } = document.querySelector(arguments[0]).getBoundingClientRect(); return { x, y }",
      this.css,
    );
  }

  async popup(open) {
    await this.#enter();
    const before = await this.driver.getAllWindowHandles();
    await open();
    const handle = await waitFor("the popup", async () =>
      (await this.driver.getAllWindowHandles()).find((each) => !before.includes(each)),
    );
    return new WebKitTab(this.driver, this.state, handle);
  }

  async screenshot() {
    await this.#enter(null);
    return Buffer.from(await this.driver.takeScreenshot(), "base64");
  }

  async resize(width, height) {
    await this.#enter(null);
    await this.driver.manage().window().setRect({ width, height, x: 0, y: 0 });
  }

  async close() {
    await this.#enter(null);
    for (const handle of await this.driver.getAllWindowHandles()) {
      if (handle === this.handle) continue;
      await this.driver.switchTo().window(handle);
      await this.driver.close();
    }
    await this.driver.switchTo().window(this.handle);
    await this.driver.get("about:blank");
  }
}
