import assert from "node:assert/strict";

import lighthouse, { desktopConfig } from "lighthouse";

import { launch } from "../../tests/node/lib/browser.js";
import { freePort } from "../../tests/node/lib/free-port.js";

export const CATEGORIES = ["performance", "accessibility", "best-practices"];

/** Lighthouse's settings per device; its default settings simulate a phone. */
export const DEVICES = { phone: undefined, desktop: desktopConfig };

/** Returns Lighthouse's scores of a page in each category, from 0 to 100. */
export async function audit(url, device, cookie) {
  const port = await freePort();
  const browser = await launch({ flags: [`--remote-debugging-port=${port}`] });
  try {
    const flags = { port, logLevel: "error", onlyCategories: CATEGORIES, extraHeaders: cookie && { Cookie: cookie } };
    const { lhr } = await lighthouse(url, flags, DEVICES[device]);
    assert.equal(lhr.runtimeError, undefined, lhr.runtimeError?.message);
    for (const { id, title, score, displayValue } of Object.values(lhr.audits)) {
      if (score !== null && score < 0.9) console.log(`  ${device}: ${id}: ${title} ${displayValue ?? ""}`);
    }
    return CATEGORIES.map((category) => Math.round(lhr.categories[category].score * 100));
  } finally {
    await browser.close();
  }
}
