// The widget in a browser extension (Manifest V3) that adds it to pages.
import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { chromium } from "playwright-core";

import { onPath } from "../lib/on-path.js";
import { server, setUp } from "../lib/setup.js";
import { newCall, open, PACKAGE, rate, serve, tag } from "./lib.js";

setUp();

/** A browser with an extension that runs `source` in this world of each page of `host`. */
async function browserWith(t, world, source) {
  const folder = await mkdtemp(join(tmpdir(), "ringback-test-"));
  await cp(PACKAGE, join(folder, "ringback"), { recursive: true });
  const matches = ["http://127.0.0.1/*"];
  const manifest = {
    manifest_version: 3,
    name: "Phone",
    version: "1.0",
    content_scripts: [{ matches, js: ["content.js"], world }],
    web_accessible_resources: [{ matches, resources: ["ringback/*"] }],
  };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "content.js"), source);
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: onPath(process.env.CHROMIUM ?? "chromium"),
    ignoreDefaultArgs: ["--disable-extensions"],
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-features=DisableLoadExtensionCommandLineSwitch",
      `--disable-extensions-except=${folder}`,
      `--load-extension=${folder}`,
    ],
  });
  t.after(async () => {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  });
  return context;
}

const PAGE = '<!doctype html><html lang="en"><title>Any page</title><body>';

test("an extension, in the world of the page: a call is rated", async (t) => {
  const call = await newCall();
  const source = `import("${server.endpoint}/embed/ringback.js").then(() =>
    document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(tag(call))}));`;
  const context = await browserWith(t, "MAIN", source);
  await rate(await open(t, await serve(t, { "/": PAGE }), context), call);
});

for (const file of ["ringback/register.js", "embed/ringback.js"]) {
  test(`an extension, in its content script: ${file} says that elements cannot be defined there`, async (t) => {
    const address = file.startsWith("embed") ? `"${server.endpoint}/${file}"` : `chrome.runtime.getURL("${file}")`;
    const source = `import(${address}).then(() => "loaded", (error) => error.message)
      .then((message) => { document.documentElement.dataset.outcome = message; });`;
    const page = await open(t, await serve(t, { "/": PAGE }), await browserWith(t, "ISOLATED", source));
    const outcome = await page.waitForFunction(() => document.documentElement.dataset.outcome);
    assert.match(await outcome.jsonValue(), /content script cannot define elements.*world "MAIN"/i);
  });
}
