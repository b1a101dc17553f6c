import { after, before } from "node:test";

import { launch } from "./browser.js";
import { Server } from "./server.js";

/** The server and the browser of the test file; see `setUp`. */
export let server, browser;

/**
 * Starts a server with these options and a browser before the tests of a file, and stops both after them. `prepare` runs
 * once both have started; a `before` hook of the file would run at the same time as this one.
 */
export function setUp(options, prepare) {
  before(async () => {
    server = await Server.start(options);
    browser = await launch();
    await prepare?.();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
}
