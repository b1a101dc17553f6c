// Builds the widget. Browsers fetch the files in `embed/`; their names have a hash of their content, except for
// ringback.js. The npm package is built into target/npm.
//
// RINGBACK_STABLE=1 builds without unstable compiler flags, a few kilobytes larger.
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { build as bundle } from "esbuild";

import { isRelease, root, staging, target } from "./environment.mjs";
import { copyHashed, readJson, writeHashed } from "./files.mjs";
import { embedModule, packageModule } from "./generated.mjs";
import { run } from "./run.mjs";
import { shortening } from "./shorten.mjs";
import { attributesTypes } from "./types.mjs";
import { optimiseAndShorten } from "./wasm.mjs";

const work = "target/widget";
const npm = "target/npm";

const common = { bundle: true, format: "esm", minify: isRelease, logLevel: "warning" };

// The dashboard's flags (Makefile), with which Trunk runs, are not the widget's.
const ownFlags = {
  ...Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith("CARGO_UNSTABLE_"))
      .map((name) => [name, undefined]),
  ),
  CARGO_PROFILE_WASM_PANIC: undefined,
  RUSTC_BOOTSTRAP: undefined,
  RUSTFLAGS: "",
};

export const build = async () => {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const embed = join(staging(), "embed");
  mkdirSync(embed, { recursive: true });

  bind(compile());
  const files = {
    glue: writeHashed(embed, "ringback", "js", await bundleGlue()),
    wasm: copyHashed(join(work, isRelease ? "widget.wasm" : "widget_bg.wasm"), embed, "ringback", "wasm"),
    languages: writeLanguages(embed),
  };
  const painted = {
    form: run("cargo", ["run", "--locked", "--quiet", "--package", "ringback-paint"], ownFlags).trimEnd(),
    style: await bundleStyle(),
  };
  await bundleLoader("src/loader/ringback.js", join(embed, "ringback.js"), embedModule(files, painted), {
    // Chromium then compiles all functions while it fetches the file, instead of each one before its first call.
    banner: { js: "//# allFunctionsCalledOnLoad" },
  });
  for (const file of ["src/ringback.d.ts", "src/custom-elements.json"]) copyInto(embed, file);
  if (isRelease) await writePackage(embed, files, painted);
};

/** Bundles the loader with this source of `ringback:generated`. */
const bundleLoader = (entry, outfile, generated, options) =>
  bundle({
    ...common,
    entryPoints: [entry],
    outfile,
    plugins: [provide("ringback:generated", generated)],
    ...options,
  });

/** Compiles the element, and returns the path of its WebAssembly. */
const compile = () => {
  const profile = isRelease ? "wasm" : "dev";
  const args = ["build", "--locked", "--lib", "--package", "ringback-widget", "--no-default-features"];
  args.push("--features", "element", "--target", "wasm32-unknown-unknown", "--profile", profile);
  if (isRelease && !process.env.RINGBACK_STABLE) {
    // A panic traps at once; nobody would read its message. The standard library is built for that, and for size.
    args.push("-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size");
    args.push("-Z", "panic-immediate-abort", "--config", 'profile.wasm.panic="immediate-abort"');
    run("cargo", args, {
      ...ownFlags,
      // The pinned stable compiler accepts unstable flags with this.
      RUSTC_BOOTSTRAP: "1",
      RUSTFLAGS: "-Zlocation-detail=none -Zfmt-debug=none",
    });
  } else {
    run("cargo", args, ownFlags);
  }
  return join(target, "wasm32-unknown-unknown", isRelease ? "wasm" : "debug", "ringback_widget.wasm");
};

const bind = (wasm) => {
  const args = ["--target", "web", "--no-typescript", "--omit-default-module-path"];
  run("wasm-bindgen", [...args, "--out-dir", work, "--out-name", "widget", wasm]);
};

/** wasm-bindgen's JavaScript and `halt`, as one module. */
const bundleGlue = async () => {
  const source = join(work, "widget.js");
  const glue = readFileSync(source, "utf8");
  let names = {};
  if (isRelease) {
    names = shortening(
      optimiseAndShorten(join(work, "widget_bg.wasm"), join(work, "widget.wasm"), join(work, "names.json")),
      glue,
    );
  }
  // `halt` replaces a variable of this module.
  if (!/^let (.*, )?wasm(,.*)?;$/m.test(glue)) throw new Error(`${source} declares no variable "wasm"`);
  const contents = `${glue}\n${readFileSync("src/loader/halt.js", "utf8")}`;
  // Without the functions that the loader does not use.
  const entry = 'export { forget, initSync, mount, renew, start, watch } from "ringback:code";';
  const result = await bundle({
    ...common,
    ...names,
    stdin: { contents: entry, resolveDir: work },
    plugins: [provide("ringback:code", contents)],
    write: false,
  });
  return result.outputFiles[0].contents;
};

export const bundleStyle = async () => {
  const result = await bundle({ ...common, entryPoints: ["style/widget.css"], write: false });
  return result.outputFiles[0].text;
};

/** Writes the texts of each language but English, which the loader contains. Returns the name of each language's file. */
const writeLanguages = (embed) =>
  readdirSync("src/text")
    .map((file) => basename(file, ".json"))
    .filter((language) => language !== "en")
    .sort()
    .map((language) => [
      language,
      writeHashed(embed, language, "json", JSON.stringify(readJson(`src/text/${language}.json`))),
    ]);

/** An esbuild plugin that provides a module of this name and content. */
const provide = (name, contents) => ({
  name,
  setup: (build) => {
    build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: name }));
    build.onLoad({ filter: /.*/, namespace: name }, () => ({ contents, resolveDir: root }));
  },
});

const copyInto = (folder, file) => copyFileSync(file, join(folder, basename(file)));

/** Writes the npm package from the files in `embed`. */
export const writePackage = async (embed, files, painted) => {
  rmSync(npm, { recursive: true, force: true });
  cpSync("src/npm", npm, { recursive: true });
  const languages = files.languages.map(([language]) => language);
  for (const language of languages) {
    writeFileSync(
      join(npm, `${language}.js`),
      `export default ${JSON.stringify(readJson(`src/text/${language}.json`))};\n`,
    );
  }
  await bundleLoader("src/loader/package.js", join(npm, "index.js"), packageModule({ ...files, languages }, painted), {
    // Bundlers of applications minify it, and heed comments that minifying removes.
    minify: false,
    external: [`./${files.glue}`, ...languages.map((language) => `./${language}.js`)],
  });
  for (const file of [files.glue, files.wasm]) copyInto(npm, join(embed, file));
  for (const file of ["src/custom-elements.json", "LICENSE-APACHE", "LICENSE-MIT"]) copyInto(npm, file);
  copyFileSync("src/ringback.d.ts", join(npm, "index.d.ts"));
  writeFileSync(join(npm, "attributes.d.ts"), attributesTypes("src/custom-elements.json"));

  const metadata = run("cargo", ["metadata", "--locked", "--no-deps", "--format-version", "1"], ownFlags);
  const { version } = JSON.parse(metadata).packages.find(({ name }) => name === "ringback-widget");
  const manifest = { ...readJson("src/npm/package.json"), version };
  writeFileSync(join(npm, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
};
