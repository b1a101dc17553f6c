import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Account } from "./api.js";
import { GiveUp, waitFor } from "./wait.js";

const BINARY =
  process.env.RINGBACK_BINARY ?? fileURLToPath(new URL("../../../target/release/ringback", import.meta.url));

// Settings of the developer's own server must not reach the servers of tests.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== "DATABASE_URL" && !name.startsWith("RINGBACK_")),
);

/** Creates an empty folder for a database. */
export const newFolder = () => mkdtemp(join(tmpdir(), "ringback-test-"));

const database = (folder) => ["--database-url", `sqlite://${folder}/ringback.db`];

/** Runs `ringback ARGUMENTS` on the database in `folder`, with `input` on its standard input, until it ends. */
export const ringback = (folder, args, input = "", { seconds = 60 } = {}) =>
  new Promise((resolve) => {
    const options = { env: environment, timeout: seconds * 1000 };
    const child = execFile(BINARY, [...args, ...database(folder)], options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
    // A command that does not read its input may end before the input is written.
    child.stdin.on("error", () => {}).end(input);
  });

/** Runs a command that prints JSON. */
export async function ringbackJson(folder, args, input) {
  const { code, stdout, stderr } = await ringback(folder, [...args, "--json"], input);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** Asserts that the buckets equal a recount of the rows (`ringback verify`). */
export async function assertCountsAgree(folder, options) {
  const { code, stdout, stderr } = await ringback(folder, ["verify"], "", options);
  assert.equal(code, 0, `ringback verify: ${stdout}${stderr}`);
}

/**
 * Creates a folder for a database and returns it with `start`, which starts servers on it. After the test, the servers are
 * killed and the folder is removed.
 */
export async function newDatabase(t) {
  const folder = await newFolder();
  const servers = [];
  t.after(async () => {
    for (const server of servers) await server.kill();
    await rm(folder, { recursive: true, force: true });
  });
  const start = async (options) => {
    const server = await Server.start({ folder, ...options });
    servers.push(server);
    return server;
  };
  return { folder, start };
}

/** A running server: the built binary in a process of its own. */
export class Server {
  #child;
  #output = "";
  #errors = "";

  /**
   * Starts a server on the database in `folder`, or else on a new one that is removed when the server stops. It listens
   * on a free port, unless `listen` is an address. With `privateCallbacks` it sends callbacks to this machine too. It trusts
   * the certificates in the file `certificates`, if there is one, instead of the system's.
   */
  static async start({ folder, listen = "127.0.0.1:0", demo = false, privateCallbacks = false, certificates } = {}) {
    const server = new Server();
    server.folder = folder ?? (await newFolder());
    server.ownsFolder = folder === undefined;
    const args = ["serve", "--listen", listen, ...database(server.folder)];
    if (demo) args.push("--demo");
    if (privateCallbacks) args.push("--allow-private-callbacks");
    const env = { ...environment, ...(certificates && { SSL_CERT_FILE: certificates }) };
    server.#child = spawn(BINARY, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    server.#child.on("error", (error) => (server.#errors += error));
    server.#child.stdout.setEncoding("utf8").on("data", (text) => (server.#output += text));
    server.#child.stderr.setEncoding("utf8").on("data", (text) => (server.#errors += text));
    try {
      server.endpoint = await waitFor("the server to print its address", () => server.#address());
      await waitFor("/readyz", async () => server.#assertAlive() && (await fetch(`${server.endpoint}/readyz`)).ok);
    } catch (error) {
      await server.kill();
      throw new Error(`the server did not start: ${error.message}\n${server.#output}${server.#errors}`, {
        cause: error,
      });
    }
    return server;
  }

  /** The output so far. */
  get output() {
    return this.#output;
  }

  get pid() {
    return this.#child.pid;
  }

  /** The one-time sign-in link to the dashboard that the server printed. */
  get signInLink() {
    return this.#printed(/http:\/\/\S+\/sign-in\/\S+/)[0];
  }

  /** The account that the first start created, from the credentials that it printed. */
  get account() {
    const [, sid] = this.#printed(/^ *AccountSid +(AC[0-9a-f]{32})$/m);
    const [, authToken] = this.#printed(/^ *AuthToken +(\S+)$/m);
    return new Account(this.endpoint, sid, authToken);
  }

  /** Stops the server as an init system does, and asserts that it exits with 0. */
  async stop() {
    const ended = this.#ended();
    this.#child.kill("SIGTERM");
    const [code, signal] = await within(30, "the server to stop after SIGTERM", ended).finally(() => this.kill());
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, this.#errors);
  }

  /** Kills the server (`kill -9`). */
  async kill() {
    const ended = this.#ended();
    // A server that never started has no process, and Node would kill this one instead.
    if (this.#child.pid !== undefined) this.#child.kill("SIGKILL");
    await ended;
    if (this.ownsFolder) await rm(this.folder, { recursive: true, force: true });
  }

  #assertAlive() {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) throw new GiveUp(`it exited with ${exitCode ?? signalCode}`);
    if (this.#child.pid === undefined) throw new GiveUp(`${BINARY} cannot be run; \`make build\` builds it`);
    return true;
  }

  #address() {
    return this.#assertAlive() && this.#output.match(/http:\/\/127\.0\.0\.1:\d+(?=\/)/)?.[0];
  }

  #printed(pattern) {
    const match = this.#output.match(pattern);
    assert.ok(match, `the server should have printed ${pattern}:\n${this.#output}`);
    return match;
  }

  #ended() {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return Promise.resolve([exitCode, signalCode]);
    return once(this.#child, "exit");
  }
}

function within(seconds, description, promise) {
  let timer;
  const timeout = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${seconds} s for ${description}`)), seconds * 1000);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
