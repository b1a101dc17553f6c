import { build as bundle } from "esbuild";

import { isRelease } from "./environment.mjs";

/** Bundles the dashboard's stylesheets: the page would wait for each further file before its first paint. */
export const build = () =>
  bundle({
    entryPoints: ["style/index.css"],
    bundle: true,
    minify: isRelease,
    outfile: "target/dashboard/style.css",
    logLevel: "warning",
  });
