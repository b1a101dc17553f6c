import { chromium } from "./chromium.js";
import { firefox } from "./firefox.js";
import { webkit } from "./webkit.js";

export { chromium };

/** The engines, from the slowest to the fastest. */
export const ENGINES = [webkit, firefox, chromium];
