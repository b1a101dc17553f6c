// `make dev`: serves the pages at http://127.0.0.1:8080 and reloads them on save (trunk serve, Trunk.dev.toml), and
// builds and restarts the server behind them on save. Everything is a debug build. Ctrl-C ends all of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, watch } from "node:fs";

import { root, target } from "./build/environment.mjs";

const SERVER_ADDRESS = "127.0.0.1:8081";
const PAGES_URL = "http://127.0.0.1:8080";
/** An editor writes a file in several steps. */
const SETTLE_MS = 50;

const server = [
  `${target}/debug/ringback`,
  ["serve", "--demo", "--listen", SERVER_ADDRESS, "--public-url", PAGES_URL],
  { DATABASE_URL: "sqlite://target/dev/ringback.db" },
];

// Trunk rejects NO_COLOR=1.
const { NO_COLOR: _, ...environment } = process.env;

const children = new Set();

/** Starts a command as the leader of its own process group, because Trunk leaves the commands of its hooks running. */
const start = (command, args, env = {}) => {
  const child = spawn(command, args, {
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...environment, ...env },
  });
  children.add(child);
  child.on("error", (error) => console.error(`${command}: ${error.message}`));
  child.on("exit", () => children.delete(child));
  return child;
};

const exitCode = async (child) => (await once(child, "exit"))[0];

/** Ends a command and the commands that it started. */
const stop = async (child) => {
  if (!children.has(child)) return;
  const exited = once(child, "exit");
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch (error) {
    // It has just exited, and its event is still to come.
    if (error.code !== "ESRCH") throw error;
  }
  await exited;
};

let ending = false;
const end = async () => {
  if (ending) return;
  ending = true;
  await Promise.all([...children].map(stop));
  process.exit();
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);

let running;
let building = false;
let changed = false;

/** Builds the server and restarts it. A broken build leaves the old server running. */
const rebuild = async () => {
  if (building) {
    changed = true;
    return;
  }
  building = true;
  do {
    changed = false;
    if ((await exitCode(start("cargo", ["build", "--locked", "--package", "ringback-server"]))) === 0) {
      await stop(running);
      if (!ending) running = start(...server);
    }
  } while (changed && !ending);
  building = false;
};

let timer;
for (const folder of ["crates/server", "crates/api"]) {
  watch(root + folder, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(rebuild, SETTLE_MS);
  });
}

mkdirSync("target/dev", { recursive: true });
await rebuild();
if (!ending) start("trunk", ["serve", "--config", "Trunk.dev.toml"]).on("exit", end);
