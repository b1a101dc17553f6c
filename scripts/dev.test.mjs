// Measures `make dev`: node --test scripts/dev.test.mjs. `make test` leaves this out, because it edits sources (and
// restores them), builds for minutes the first time, and fails on a machine that is busy with something else.
// Two idle cores took 3.1 s for the text, 7.4 s for the view and 4.1 s for the server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { root } from "./build/environment.mjs";

const { launch } = await import(`${root}tests/node/lib/browser.js`);

const PAGES_URL = "http://127.0.0.1:8080";
const SERVER_URL = "http://127.0.0.1:8081";
const FIRST_BUILD_SECONDS = 1800;

/** Repeats a check until it returns true, and returns the seconds until then. */
const until = async (check, description, limit) => {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  while (!(await check().catch(() => false))) {
    if (seconds() > limit) assert.fail(`${description}: not after ${limit} s`);
    await sleep(100);
  }
  return seconds();
};

const restore = [];
const edit = (file, from, to) => {
  const source = readFileSync(file, "utf8");
  assert.equal(source.split(from).length, 2, `${file} contains "${from}" once`);
  restore.push(() => writeFileSync(file, source));
  writeFileSync(file, source.replace(from, to));
};

let dev, browser, page;

/** Interrupts `make dev` like a terminal, which sends the signal to its foreground process group. */
const interrupt = async () => {
  if (dev.exitCode !== null || dev.signalCode !== null) return;
  process.kill(-dev.pid, "SIGINT");
  await once(dev, "exit");
};

before(async () => {
  dev = spawn("make", ["dev"], { stdio: ["ignore", "inherit", "inherit"], detached: true });
  browser = await launch();
  page = await browser.newPage();
  await until(async () => (await page.goto(PAGES_URL)).ok(), "the first page", FIRST_BUILD_SECONDS);
  await page.getByRole("heading", { name: "Sign in to Ringback" }).waitFor({ timeout: 60_000 });
});
after(async () => {
  await interrupt();
  for (const undo of restore.reverse()) undo();
  await browser?.close();
});

const heading = (text) => () => page.getByRole("heading", { name: text, exact: true }).isVisible();
const edits = [
  {
    name: "a text of the dashboard",
    file: "crates/dashboard/src/text/en.json",
    from: "Sign in to Ringback",
    to: "Sign in to Ringback now",
    check: heading("Sign in to Ringback now"),
    limit: 15,
  },
  {
    name: "a word in a view of the dashboard",
    file: "crates/dashboard/src/pages/sign_in.rs",
    from: "<h1>{text.title}</h1>",
    to: '<h1>{text.title}" please"</h1>',
    check: heading("Sign in to Ringback now please"),
    limit: 15,
  },
  {
    name: "a line of the server",
    file: "crates/server/src/web/health.rs",
    from: '    "ok\\n"',
    to: '    "all right\\n"',
    check: async () => (await (await fetch(`${SERVER_URL}/healthz`)).text()) === "all right\n",
    limit: 20,
  },
];

for (const { name, file, from, to, check, limit } of edits) {
  test(`a change of ${name} shows within ${limit} s`, async (context) => {
    edit(file, from, to);
    const seconds = await until(check, name, 10 * limit);
    context.diagnostic(`${seconds.toFixed(1)} s`);
    assert.ok(seconds <= limit, `${seconds.toFixed(1)} s`);
  });
}

test("Ctrl-C ends everything", async () => {
  await interrupt();
  for (const url of [PAGES_URL, SERVER_URL]) await assert.rejects(fetch(url), url);
});
