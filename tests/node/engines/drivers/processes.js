import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { canRun } from "../../lib/on-path.js";

/** Starts a process; `stop` ends it. It also ends with this one. */
export function start(command, args, options) {
  const child = spawn(command, args, options);
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  return {
    child,
    async stop() {
      process.off("exit", kill);
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** The path of WebKit's own browser, which is not on PATH. The folder's name has the machine's architecture. */
export async function findMiniBrowser() {
  for (const folder of await readdir("/usr/lib")) {
    for (const version of ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"]) {
      const path = join("/usr/lib", folder, version, "MiniBrowser");
      if (canRun(path)) return path;
    }
  }
  throw new Error("there is no MiniBrowser in /usr/lib; scripts/setup.sh test installs it");
}
