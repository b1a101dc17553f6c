import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { transform } from "esbuild";

import { staging } from "./environment.mjs";
import { optimise } from "./wasm.mjs";

/**
 * Optimises the dashboard's files in place. Their names keep Trunk's hash of the content before optimisation, because
 * the page already refers to them.
 */
export const build = async () => {
  const folder = staging();
  const only = (suffix) => {
    const found = readdirSync(folder).filter((name) => name.startsWith("ringback-dashboard-") && name.endsWith(suffix));
    if (found.length !== 1) throw new Error(`Trunk wrote ${found.length} files ringback-dashboard-*${suffix}`);
    return join(folder, found[0]);
  };

  const wasm = only(".wasm");
  const built = "target/dashboard/dashboard_bg.wasm";
  renameSync(wasm, built);
  optimise(built, wasm);

  const glue = only(".js");
  const { code } = await transform(readFileSync(glue, "utf8"), { format: "esm", minify: true });
  writeFileSync(glue, code);
};
