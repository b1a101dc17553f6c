// The npm package that the build writes, in an application with its own bundler and page.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { build, preview } from "vite";

import { assertQuiet, launch, mouseClick, newPage } from "../lib/browser.js";
import { endedCall } from "../lib/host-page.js";
import { widget } from "../lib/pages.js";
import { Server } from "../lib/server.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const PACKAGE = here("../../../target/npm");

let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringback-test-"));
  await mkdir(join(folder, "node_modules"));
  await cp(PACKAGE, join(folder, "node_modules/ringback-rating"), { recursive: true });
});
after(() => rm(folder, { recursive: true }));

test("the package can be imported on a server and does nothing there", async () => {
  const { RingbackRating, define } = await import(join(PACKAGE, "index.js"));
  assert.equal(typeof RingbackRating, "function");
  assert.equal(typeof define, "function");
});

test("renew without an endpoint is refused, because the package has no default", async () => {
  const { RingbackRating } = await import(join(PACKAGE, "index.js"));
  await assert.rejects(RingbackRating.renew("a.b.c"), /endpoint is missing/);
});

test("an application built by Vite rates a call", async (t) => {
  const server = await Server.start();
  t.after(() => server.stop());
  const { sid, token } = await endedCall(server);
  await writeFile(join(folder, "main.js"), "import 'ringback-rating/register';\n");
  await writeFile(
    join(folder, "index.html"),
    `<!doctype html><title>Softphone</title><link rel="icon" href="data:," />
     <script type="module" src="main.js"></script><ringback-rating endpoint="${server.endpoint}" token="${token}"></ringback-rating>`,
  );
  await build({ root: folder, logLevel: "warn" });
  const application = await preview({ root: folder, preview: { host: "127.0.0.1", port: 0 } });
  t.after(() => application.close());
  const browser = await launch();
  t.after(() => browser.close());

  const page = await newPage(await browser.newContext());
  await page.goto(application.resolvedUrls.local[0]);
  const form = widget(page);
  await form.drawnStar(4).waitFor();
  await mouseClick(page, form.drawnStar(4));
  await form.send.click();
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(sid), { score: 4, issues: [] });
  assertQuiet(page);
});

test("the types accept correct code and reject a mistake", async () => {
  const check = async (source) => {
    await writeFile(join(folder, "main.ts"), source);
    const args = [
      "--noEmit",
      "--strict",
      "--target",
      "esnext",
      "--module",
      "esnext",
      "--moduleResolution",
      "bundler",
      "main.ts",
    ];
    const tsc = here("../node_modules/typescript/bin/tsc");
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, ...args], { cwd: folder }).catch(
      (error) => error,
    );
    return stdout;
  };
  const good = `
    import { RingbackRating, define } from 'ringback-rating';
    define();
    const element = document.createElement('ringback-rating');
    element.addEventListener('ringback-submitted', ({ detail }) => { const score: 1 | 2 | 3 | 4 | 5 = detail.score; });
    document.addEventListener('ringback-token-needed', ({ detail }) => RingbackRating.renew(detail.call));
    element.open({ token: 'eyJ0…' }).then(() => element.focus());
  `;
  assert.equal(await check(good), "");
  assert.match(await check(good.replace("detail.score", "detail.stars")), /main\.ts\(5,.*stars/);
});

test("the package has the metadata that registries and editors need", async () => {
  const json = async (name) => JSON.parse(await readFile(join(PACKAGE, name), "utf8"));
  const manifest = await json("package.json");
  assert.match(
    await readFile(here("../../../Cargo.toml"), "utf8"),
    new RegExp(`^version = "${manifest.version}"$`, "m"),
  );
  assert.deepEqual(manifest.sideEffects, ["./register.js"]);
  assert.equal((await json(manifest.customElements)).schemaVersion, "1.0.0");
});
