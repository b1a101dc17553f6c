import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import axe from 'axe-core';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launch = ({ flags = [] } = {}) =>
  chromium.launch({ executablePath: onPath(process.env.CHROMIUM ?? 'chromium'), args: [...FLAGS, ...flags] });

/** A page that notes all that it and the browser complain about; see `assertQuiet`. */
export async function newPage(context) {
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', message => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    page.complaints.push(`${message.text()} (${new URL(message.location().url, page.url()).pathname})`);
  });
  page.on('pageerror', error => page.complaints.push(`${error}`));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', event =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
    ),
  );
  return page;
}

/** Nothing on the page broke its security policy or threw, and its console shows no error or warning but `expected`. */
export const assertQuiet = (page, expected = []) => assert.deepEqual(page.complaints, expected);

/** axe finds nothing to better, in light and in dark. */
export async function assertAccessible(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
    assert.ok(passes.length > 0, 'axe looked at nothing');
    const found = violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(node => `${node.html}: ${node.failureSummary}`) }));
    assert.deepEqual(found, [], `${page.url()} in ${colorScheme}`);
  }
}

/** Presses Tab, as a person without a mouse does, until the element has the focus. */
export async function tabTo(page, locator) {
  const most = 60;
  for (let presses = 0; presses < most; presses++) {
    if (await locator.evaluate(element => element.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`${most} times Tab do not lead to ${locator}`);
}

/** Moves the mouse to the middle of an element and clicks: whatever lies on top there gets the click. */
export async function mouseClick(page, locator) {
  await locator.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await locator.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
}

/** What assistive technology gets of all elements with this role: name, description and state. */
export async function accessibilityTree(page, role) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes
    .filter(node => !node.ignored && node.role?.value === role)
    .map(node => ({
      name: node.name?.value,
      description: node.description?.value,
      ...Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value])),
    }));
}

function onPath(command) {
  if (command.includes('/')) return command;
  for (const folder of process.env.PATH.split(delimiter)) {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return join(folder, command);
    } catch {
      // The next one.
    }
  }
  throw new Error(`there is no '${command}' on PATH; scripts/setup.sh test installs it`);
}
