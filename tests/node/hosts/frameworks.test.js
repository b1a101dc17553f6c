// Softphones written with frameworks: their types, checked by each framework's checker, and the built pages in a browser.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import vue from "@vitejs/plugin-vue";
import { build } from "vite";

import { server, setUp } from "../lib/setup.js";
import { here, linkPackages, newApplication, newCall, open, rate, serve } from "./lib.js";

setUp();

const REACT = ["react", "react-dom", "scheduler", "@types/react", "@types/react-dom", "csstype"];
const isCustomElement = (name) => name.startsWith("ringback-");
const vuePlugin = () => vue({ template: { compilerOptions: { isCustomElement } } });

const FRAMEWORKS = {
  "React 19": {
    folder: "react",
    link: (folder) => linkPackages(folder, REACT),
    file: "main.tsx",
    check: ["typescript/bin/tsc", "--noEmit"],
    mistakes: {
      'opt-out={"sometimes"}': ["opt-out={false}", /"sometimes"/],
      "autoSnd={false}": ["autoSend={false}", /autoSnd/],
      "detail.stars": ["detail.score", /stars/],
      "onRingbackSubmitted=": ["onringback-submitted=", /onRingbackSubmitted/],
    },
  },
  "React 18": {
    folder: "react-18",
    link: (folder) =>
      linkPackages(
        folder,
        ["react", "react-dom", "scheduler", "@types/react", "@types/react-dom"],
        "react-18/node_modules",
      ),
    file: "main.tsx",
    check: ["typescript/bin/tsc", "--noEmit"],
    mistakes: {
      'opt-out={"sometimes"}': ["opt-out={false}", /"sometimes"/],
      "autoSend={false}": ["auto-send={false}", /autoSend/],
      "onringback-submitted={() => {}} endpoint={": ["endpoint={", /onringback-submitted[^\n]*incompatible/],
      "ringback-sent": ["ringback-submitted", /detail/],
    },
  },
  Vue: {
    folder: "vue",
    link: (folder) => linkPackages(folder, ["vue"]),
    file: "Phone.vue",
    check: ["vue-tsc/bin/vue-tsc.js", "--noEmit"],
    plugins: [vuePlugin()],
    mistakes: {
      ":auto-sent=": [":auto-send=", /auto-?sent/i],
      ':mode="`corners`"': [':opt-out="false"', /corners/],
      "@ringback-sent=": ["@ringback-submitted=", /ringback-?sent|implicitly/i],
      "detail.stars": ["detail.score", /stars/],
    },
  },
  Svelte: {
    folder: "svelte",
    link: (folder) => linkPackages(folder, ["svelte"]),
    file: "Phone.svelte",
    check: ["svelte-check/bin/svelte-check", "--output", "machine", "--fail-on-warnings"],
    mistakes: {
      "auto-sent={false}": ["auto-send={false}", /auto-sent/],
      'mode="corners"': ["dismissible", /corners/],
      "onringback-sent=": ["onringback-submitted=", /onringback-sent/],
      "detail.stars": ["detail.score", /stars/],
    },
  },
};

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: "esnext",
    module: "esnext",
    moduleResolution: "bundler",
    jsx: "react-jsx",
    types: [],
    noUncheckedSideEffectImports: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
  },
  vueCompilerOptions: { strictTemplates: true },
};

/** Copies a framework's application, with the packages that it needs. */
async function copied(t, { folder: source, link }) {
  const folder = await newApplication(t, source);
  await link(folder);
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
  return folder;
}

for (const [name, framework] of Object.entries(FRAMEWORKS)) {
  test(`${name}: the types accept the application and reject mistakes`, async (t) => {
    const folder = await copied(t, framework);
    const [tool, ...args] = framework.check;
    const check = async (source) => {
      await writeFile(join(folder, framework.file), source);
      const command = [here(`node_modules/${tool}`), ...args];
      const { code = 0, stdout } = await promisify(execFile)(process.execPath, command, { cwd: folder }).catch(
        (e) => e,
      );
      return { code, stdout };
    };
    const source = await readFile(join(folder, framework.file), "utf8");
    const { code, stdout } = await check(source);
    assert.equal(code, 0, stdout);
    for (const [mistake, [correct, message]] of Object.entries(framework.mistakes)) {
      assert.ok(source.includes(correct), `${framework.file} has no ${correct}`);
      const found = await check(source.replace(correct, mistake));
      assert.notEqual(found.code, 0, `${mistake} is accepted`);
      assert.match(found.stdout, message);
    }
  });

  if (name === "Svelte") continue;
  test(`${name}: the built page rates a call`, async (t) => {
    const folder = await copied(t, framework);
    await build({ root: folder, configFile: false, logLevel: "error", plugins: framework.plugins });
    const call = await newCall();
    const body = JSON.stringify({ endpoint: server.endpoint, token: call.token });
    const html = await readFile(join(folder, "dist/index.html"), "utf8");
    const page = await open(t, await serve(t, { "/": html, "/call.json": body }, join(folder, "dist")));
    await page.getByRole("button", { name: "Hang up" }).click();
    await page.getByText("How was Bob?").waitFor();
    await page.getByRole("button", { name: "Not now" }).waitFor();
    const switches = await page.evaluate(() => {
      const { autoSend, optOut, dismissible } = document.querySelector("ringback-rating");
      return { autoSend, optOut, dismissible };
    });
    assert.deepEqual(switches, { autoSend: false, optOut: false, dismissible: true });
    await rate(page, call);
    await page.getByRole("log").getByText("Rated with 3").waitFor();
  });
}
