// The npm package in applications of each bundler, configured as docs/embed.md says.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";

import { widget } from "../lib/pages.js";
import { server, setUp } from "../lib/setup.js";
import { newApplication, newCall, open, rate, serve, tag } from "./lib.js";

setUp();

const packageFolder = (folder) => join(folder, "node_modules/ringback-rating");

/** Copies the files that a bundler does not copy, as a build script would with `cp`. */
const copyFiles = async (folder, to) => {
  await mkdir(to, { recursive: true });
  for (const file of await readdir(packageFolder(folder)))
    if (/^ringback-.*\.(js|wasm)$/.test(file)) await cp(join(packageFolder(folder), file), join(to, file));
};

const REGISTER = 'import "ringback-rating/register";\n';
const WITH_BASE = 'import { define } from "ringback-rating";\ndefine({ base: "/files/ringback" });\n';
const MODULE = '<script type="module" src="/main.js"></script>';
const CLASSIC = '<script src="/main.js" defer></script>';
// A strict policy, with which a file as a data: URL is not loaded.
const policy = () =>
  `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${server.endpoint}; object-src 'none'`;

const rollupBuild = async (folder, output) => {
  const warnings = [];
  const bundle = await rollup({
    input: join(folder, "main.js"),
    plugins: [nodeResolve()],
    onwarn: ({ message }) => warnings.push(message),
  });
  await bundle.write(output);
  await bundle.close();
  assert.deepEqual(warnings, []);
};

const esbuildBuild = async (folder, options) => {
  const entryPoints = [join(folder, "main.js")];
  const { warnings } = await esbuild({ entryPoints, bundle: true, minify: true, logLevel: "silent", ...options });
  assert.deepEqual(warnings, []);
};

const webpackBuild = (folder, options) =>
  new Promise((resolve, reject) =>
    webpack(
      { context: folder, entry: "./main.js", mode: "production", output: { path: join(folder, "dist") }, ...options },
      (error, stats) => (error || stats.hasErrors() || stats.hasWarnings() ? reject(error ?? `${stats}`) : resolve()),
    ),
  );

const viteBuild = async (folder, options) => {
  const warnings = [];
  const logger = { hasWarned: false, info() {}, clearScreen() {}, hasErrorLogged: () => false };
  for (const name of ["warn", "warnOnce", "error"]) logger[name] = (message) => warnings.push(message);
  await vite({ root: folder, configFile: false, customLogger: logger, ...options });
  assert.deepEqual(warnings, []);
};

const BUNDLERS = {
  Vite: { build: (folder) => viteBuild(folder), script: '<script type="module" src="main.js"></script>', isPage: true },
  "Vite, a library as an IIFE": {
    script: CLASSIC,
    main: WITH_BASE,
    async build(folder) {
      const lib = { entry: join(folder, "main.js"), formats: ["iife"], name: "phone", fileName: () => "main.js" };
      // Such a bundle has no `import.meta.url`; the address is `base`.
      await viteBuild(folder, { build: { lib, rolldownOptions: { checks: { emptyImportMeta: false } } } });
      await copyFiles(folder, join(folder, "dist/files/ringback"));
    },
  },
  webpack: { build: (folder) => webpackBuild(folder), script: CLASSIC },
  "webpack, as an ES module": {
    script: MODULE,
    build: (folder) =>
      webpackBuild(folder, {
        experiments: { outputModule: true },
        output: { path: join(folder, "dist"), filename: "main.js", module: true, publicPath: "auto" },
      }),
  },
  Rollup: {
    script: MODULE,
    async build(folder) {
      await rollupBuild(folder, { dir: join(folder, "dist"), format: "es" });
      await copyFiles(folder, join(folder, "dist"));
    },
  },
  "Rollup, as an IIFE": {
    script: CLASSIC,
    async build(folder) {
      await rollupBuild(folder, { file: join(folder, "dist/main.js"), format: "iife", inlineDynamicImports: true });
      await copyFiles(folder, join(folder, "dist"));
    },
  },
  esbuild: {
    script: MODULE,
    async build(folder) {
      await esbuildBuild(folder, { outdir: join(folder, "dist"), format: "esm", splitting: true });
      await copyFiles(folder, join(folder, "dist"));
    },
  },
  "esbuild, as an IIFE": {
    script: CLASSIC,
    async build(folder) {
      await esbuildBuild(folder, { outdir: join(folder, "dist"), format: "iife" });
      await copyFiles(folder, join(folder, "dist"));
    },
  },
  "esbuild, with the files in another folder": {
    script: CLASSIC,
    main: WITH_BASE,
    async build(folder) {
      await esbuildBuild(folder, { outdir: join(folder, "dist"), format: "iife" });
      await copyFiles(folder, join(folder, "dist/files/ringback"));
    },
  },
};

/** Builds an application; returns its folder, and its page for a call. */
async function built(t, { build, script, main = REGISTER, isPage }) {
  const folder = await newApplication(t);
  await writeFile(join(folder, "main.js"), main);
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  const html = (content) => `<!doctype html><html lang="en"><title>Phone</title>${script}<body>${content}`;
  if (isPage) await writeFile(join(folder, "index.html"), html("CALL"));
  await build(folder);
  const dist = join(folder, "dist");
  const page = isPage ? await readFile(join(dist, "index.html"), "utf8") : html("CALL");
  const serveCall = (content) =>
    serve(t, { "/": { body: page.replace("CALL", content), headers: { "Content-Security-Policy": policy() } } }, dist);
  return { dist, serveCall };
}

for (const [name, bundler] of Object.entries(BUNDLERS)) {
  test(`${name}: the bundle rates a call, in another language too`, async (t) => {
    const { dist, serveCall } = await built(t, bundler);
    for (const file of await readdir(dist))
      if (file.endsWith(".js"))
        assert.doesNotMatch(await readFile(join(dist, file), "utf8"), /file:\/\/|ringback-test-/);
    const call = await newCall();
    const page = await open(t, await serveCall(tag(call)));
    await rate(page, call);

    const german = await open(t, await serveCall(tag(await newCall(), 'lang="de"')));
    await german.getByRole("button", { name: "Senden" }).waitFor();
  });
}

for (const name of ["Vite", "webpack", "Rollup", "esbuild"]) {
  test(`${name}: the bundle fetches its code again after the network failed`, async (t) => {
    const { serveCall } = await built(t, BUNDLERS[name]);
    const call = await newCall();
    const address = await serveCall("");
    const page = await open(t, address);
    let isOffline = true;
    const failed = new Set();
    const isCode = (url) => /\.(js|wasm)$/.test(url.pathname) && !/main/.test(url.pathname);
    await page.route(isCode, (route) => {
      const url = route.request().url();
      // Some browsers never fetch a module again whose first request failed: the module needs another address.
      if (!isOffline && !(failed.has(url) && url.endsWith(".js"))) return route.continue();
      failed.add(url);
      return route.abort();
    });
    await page.evaluate((html) => document.body.insertAdjacentHTML("beforeend", html), tag(call));
    await page.waitForFunction(() => globalThis.recorded.some(([event]) => event === "error"));
    assert.deepEqual([...failed].map(extname).sort(), [".js", ".wasm"]);
    isOffline = false;
    await page.evaluate(() => {
      const element = document.querySelector("ringback-rating");
      globalThis.recorded.length = 0;
      element.replaceWith(element.cloneNode());
    });
    await rate(page, call, { own: /^Failed to load resource: net::ERR_FAILED/ });
  });
}

test("esbuild: without its files, the painted form rates, and an event says why", async (t) => {
  const { serveCall } = await built(t, {
    script: MODULE,
    build: (folder) => esbuildBuild(folder, { outdir: join(folder, "dist"), format: "esm", splitting: true }),
  });
  const call = await newCall();
  const page = await open(t, await serveCall(tag(call)));
  await page.waitForFunction(() => globalThis.recorded.some(([event]) => event === "error"));
  const form = widget(page);
  await form.drawnStar(4).click();
  await form.send.click();
  await form.thanks.waitFor();
  assert.equal((await server.account.rating(call.sid)).score, 4);
});

test("the package on a server: importing it does nothing", async (t) => {
  const folder = await newApplication(t);
  const run = (source) => promisify(execFile)(process.execPath, ["--input-type=module", "-e", source], { cwd: folder });
  const before = "const before = Object.getOwnPropertyNames(globalThis).join();";
  const after = 'if (Object.getOwnPropertyNames(globalThis).join() !== before) throw new Error("a new global");';
  await run(`${before} await import("ringback-rating/register"); ${after}`);
  // Some runtimes have a few of a browser's globals, and no elements.
  await run(`globalThis.self = globalThis; globalThis.addEventListener = () => { throw new Error("a listener") };
    globalThis.document = undefined; await import("ringback-rating/register");`);
  const { stdout } = await run(
    'const { define, RingbackRating } = await import("ringback-rating"); define(); console.log(typeof RingbackRating);',
  );
  assert.equal(stdout, "function\n");
  await writeFile(join(folder, "main.js"), REGISTER);
  await esbuildBuild(folder, { format: "cjs", platform: "node", outfile: join(folder, "main.cjs") });
  await promisify(execFile)(process.execPath, [join(folder, "main.cjs")]);
});
