// What the tests of host pages share.
import assert from "node:assert/strict";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { assertQuietExcept, mouseClick, newPage } from "../lib/browser.js";
import { endedCall, recordEvents } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { browser, server } from "../lib/setup.js";

export const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** The npm package that the build writes. */
export const PACKAGE = here("../../../target/npm");

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

/**
 * Creates a folder for an application until the test ends. It has the npm package and all packages of this folder, and the
 * files in `source`.
 */
export async function newApplication(t, source) {
  const folder = await mkdtemp(join(tmpdir(), "ringback-test-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  if (source) await cp(here(source), folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
  await mkdir(join(folder, "node_modules"));
  await cp(PACKAGE, join(folder, "node_modules/ringback-rating"), { recursive: true });
  return folder;
}

/** Links an installed package, with all that it needs, into an application. */
export const linkPackages = (folder, names, from = "node_modules") =>
  Promise.all(
    names.map(async (name) => {
      const link = join(folder, "node_modules", name);
      await mkdir(join(link, ".."), { recursive: true });
      await symlink(here(join(from, name)), link);
    }),
  );

/**
 * Serves pages from an origin of their own until the test ends; returns its address. `pages` has the text of each path, or
 * `{ body, headers }`. Other paths are files of `folder`.
 */
export async function serve(t, pages, folder) {
  const host = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, "http://host.test");
    const page = pages[pathname];
    const type = TYPES[extname(pathname)] ?? TYPES[".html"];
    try {
      const body = page?.body ?? page ?? (await readFile(join(folder, pathname)));
      response.writeHead(200, { "Content-Type": type, ...page?.headers }).end(body);
    } catch {
      response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
    }
  });
  t.after(() => {
    host.close();
    host.closeAllConnections();
  });
  host.listen(0, "127.0.0.1");
  await once(host, "listening");
  return `http://127.0.0.1:${host.address().port}`;
}

/** Opens an address in a new browser context and records the widget's events. */
export async function open(t, address, context) {
  const own = context ?? (await browser.newContext());
  if (!context) t.after(() => own.close());
  const page = await newPage(own);
  await recordEvents(page);
  await page.goto(address);
  return page;
}

/**
 * Rates the call with three stars on an open page, by mouse, and finds the rating at the server. `own` matches what the host
 * itself logs.
 */
export async function rate(page, { sid }, { own = /^$/ } = {}) {
  const form = widget(page);
  // The code has taken over, so that not only the painted form is tested.
  const outcome = await page.waitForFunction(() =>
    globalThis.recorded.find(([name]) => name === "ready" || name === "error"),
  );
  assert.equal((await outcome.jsonValue())[0], "ready", `${JSON.stringify([page.warnings, page.complaints])}`);
  await mouseClick(page, form.drawnStar(3));
  await mouseClick(page, form.issue("The call cut out"));
  await mouseClick(page, form.send);
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 3, issues: ["dropped-call"] });
  assertQuietExcept(page, own);
}

export const newCall = () => endedCall(server);

/** The element's tag for a call. */
export const tag = ({ token }, attributes = "") =>
  `<ringback-rating endpoint="${server.endpoint}" token="${token}" ${attributes}></ringback-rating>`;
