// The environment in which Trunk runs its hooks.
import { fileURLToPath } from "node:url";

/** The root of the checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));
/** `make dev` builds without optimisation. */
export const isRelease = process.env.TRUNK_PROFILE === "release";
/** Cargo's output folder. */
export const target = process.env.CARGO_TARGET_DIR ?? "target";

/** The folder of the pages that Trunk is building. */
export const staging = () => {
  const folder = process.env.TRUNK_STAGING_DIR;
  if (!folder) throw new Error("TRUNK_STAGING_DIR is not set: Trunk's hooks run this script");
  return folder;
};

// All paths in these scripts are relative to the root, wherever Trunk was started.
process.chdir(root);
