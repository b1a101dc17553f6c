import assert from "node:assert/strict";

import axe from "axe-core";
import { chromium } from "playwright-core";

import { onPath } from "./on-path.js";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launch = ({ flags = [] } = {}) =>
  chromium.launch({ executablePath: onPath(process.env.CHROMIUM ?? "chromium"), args: [...FLAGS, ...flags] });

/**
 * Opens a page that records its console errors, exceptions and policy violations; see `assertQuiet`. `warnings` has the
 * widget's own warnings.
 */
export async function newPage(context) {
  const page = await context.newPage();
  page.complaints = [];
  page.warnings = [];
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (message.text().startsWith("ringback-")) return page.warnings.push(message.text());
    page.complaints.push(`${message.text()} (${new URL(message.location().url, page.url()).pathname})`);
  });
  page.on("pageerror", (error) => page.complaints.push(`${error}`));
  await page.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", (event) =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
    ),
  );
  return page;
}

/** Asserts that the page broke no security policy, threw nothing, and logged no error or warning but `expected`. */
export const assertQuiet = (page, expected = []) => assert.deepEqual(page.complaints, expected);

/** Asserts the same, apart from complaints that match `pattern`, such as those of the browser about failed requests. */
export const assertQuietExcept = (page, pattern) =>
  assert.deepEqual(
    page.complaints.filter((text) => !pattern.test(text)),
    [],
  );

/** Asserts that axe finds no violation, in light and in dark mode. */
export async function assertAccessible(page) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
    assert.ok(passes.length > 0, "axe checked nothing");
    const found = violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map((node) => `${node.html}: ${node.failureSummary}`),
    }));
    assert.deepEqual(found, [], `${page.url()} in ${colorScheme}`);
  }
}

/** Asserts that the page does not scroll sideways. */
export const assertFitsWidth = async (page) =>
  assert.ok(
    await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
    `${page.url()} is wider than its window`,
  );

export const isFocused = (locator) => locator.evaluate((element) => element.matches(":focus"));

/** Presses Tab until the element has the focus. */
export async function tabTo(page, locator) {
  const most = 60;
  for (let presses = 0; presses < most; presses++) {
    if (await isFocused(locator)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`pressing Tab ${most} times does not reach ${locator}`);
}

/** Clicks at the middle of an element with the mouse, so that whatever lies on top gets the click. */
export async function mouseClick(page, locator) {
  await locator.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await locator.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
}

/** Holds the requests that match until `release` is called; `then` answers them. `count` returns their number. */
export async function hold(page, pattern, then = (route) => route.continue()) {
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  let held = 0;
  await page.route(pattern, async (route) => {
    held += 1;
    await released;
    await then(route);
  });
  return { release, count: () => held };
}

/** Clicks a link that downloads a file; returns the name and the text of the file. */
export async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const chunks = await (await file.createReadStream()).toArray();
  return { name: file.suggestedFilename(), text: Buffer.concat(chunks).toString("utf8") };
}

/** The name, description and state of every element with this role in the accessibility tree. */
export async function accessibilityTree(page, role) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes
    .filter((node) => !node.ignored && node.role?.value === role)
    .map((node) => ({
      name: node.name?.value,
      description: node.description?.value,
      ...Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value])),
    }));
}
