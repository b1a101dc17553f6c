import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { GiveUp, waitFor } from "./wait.js";

/**
 * Traces the system calls `calls` of a running process while `work` runs, and returns what strace wrote. `inject` lists
 * faults in the form of strace's option of that name, such as `fsync:error=EIO`.
 */
export async function strace(pid, { calls, inject = [] }, work) {
  const folder = await mkdtemp(join(tmpdir(), "ringback-strace-"));
  const file = join(folder, "trace");
  // -s: the trace must show a whole database page and a whole request.
  const args = ["-f", "-y", "-s", "10000", "-o", file, "-e", `trace=${calls}`, "-p", `${pid}`];
  for (const fault of inject) args.push("-e", `inject=${fault}`);
  const tracer = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(tracer, "close");
  let output = "";
  tracer.stderr.setEncoding("utf8").on("data", (text) => (output += text));
  try {
    await waitFor("strace to attach", () => {
      if (tracer.exitCode !== null) {
        throw new GiveUp(`strace cannot watch the server; run as root or with kernel.yama.ptrace_scope=0: ${output}`);
      }
      return /Process \d+ attached/.test(output);
    });
    await work();
  } finally {
    // Detaches from the process, which keeps running.
    tracer.kill("SIGINT");
    await ended;
  }
  const trace = await readFile(file, "utf8");
  await rm(folder, { recursive: true });
  return trace;
}
