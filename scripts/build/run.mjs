import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";

import { root } from "./environment.mjs";

const bin = `${root}scripts/node_modules/.bin`;

/** Runs a command, shows its messages, and returns its standard output. Throws if the command fails. */
export const run = (command, args, environment = {}) => {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, ...environment };
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
  const { status, error, stdout } = spawnSync(command, args, {
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} exited with ${status}`);
  return stdout;
};
