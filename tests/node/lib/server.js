import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Account } from './api.js';
import { GiveUp, waitFor } from './wait.js';

const BINARY = process.env.RINGBACK_BINARY ?? fileURLToPath(new URL('../../../target/release/ringback', import.meta.url));

// What a developer has set for a server of theirs must not reach ours.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== 'DATABASE_URL' && !name.startsWith('RINGBACK_')),
);

/** A new, empty folder to keep a database in. */
export const newFolder = () => mkdtemp(join(tmpdir(), 'ringback-test-'));

const database = folder => ['--database-url', `sqlite://${folder}/ringback.db`];

/** Runs `ringback ARGUMENTS` on the database in `folder` to its end, with `input` on its standard input. */
export const ringback = (folder, args, input = '', { seconds = 60 } = {}) =>
  new Promise(resolve => {
    const options = { env: environment, timeout: seconds * 1000 };
    const child = execFile(BINARY, [...args, ...database(folder)], options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
    // One that does not read its input may be gone before it is written.
    child.stdin.on('error', () => {}).end(input);
  });

/** The same, for a command that prints JSON. */
export async function ringbackJson(folder, args, input) {
  const { code, stdout, stderr } = await ringback(folder, [...args, '--json'], input);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** The buckets must equal a recount from the rows (`ringback verify`). */
export async function assertCountsAgree(folder, options) {
  const { code, stdout, stderr } = await ringback(folder, ['verify'], '', options);
  assert.equal(code, 0, `ringback verify: ${stdout}${stderr}`);
}

/** A running server, the built binary, on a port of its own choice. */
export class Server {
  #child;
  #output = '';
  #errors = '';

  /**
   * Starts one on the database in `folder`; without a folder on a new one, which goes when the server stops.
   * It listens on a port of its own choice, unless `listen` names an address.
   * With `privateCallbacks` it tells receivers on this machine too, and trusts `certificates`, a file, instead of the
   * machine's.
   */
  static async start({ folder, listen = '127.0.0.1:0', demo = false, privateCallbacks = false, certificates } = {}) {
    const server = new Server();
    server.folder = folder ?? (await newFolder());
    server.ownsFolder = folder === undefined;
    const args = ['serve', '--listen', listen, ...database(server.folder)];
    if (demo) args.push('--demo');
    if (privateCallbacks) args.push('--allow-private-callbacks');
    const env = { ...environment, ...(certificates && { SSL_CERT_FILE: certificates }) };
    server.#child = spawn(BINARY, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    server.#child.on('error', error => (server.#errors += error));
    server.#child.stdout.setEncoding('utf8').on('data', text => (server.#output += text));
    server.#child.stderr.setEncoding('utf8').on('data', text => (server.#errors += text));
    try {
      server.endpoint = await waitFor('the server to say its address', () => server.#address());
      await waitFor('/readyz', async () => server.#alive() && (await fetch(`${server.endpoint}/readyz`)).ok);
    } catch (error) {
      await server.kill();
      throw new Error(`the server did not start: ${error.message}\n${server.#output}${server.#errors}`, { cause: error });
    }
    return server;
  }

  /** What it has printed so far. */
  get output() {
    return this.#output;
  }

  get pid() {
    return this.#child.pid;
  }

  /** The one-time sign-in link to the dashboard, as printed. */
  get signInLink() {
    return this.#printed(/http:\/\/\S+\/sign-in\/\S+/)[0];
  }

  /** The account that the first start made, by the credentials that it printed. */
  get account() {
    const [, sid] = this.#printed(/^ *AccountSid +(AC[0-9a-f]{32})$/m);
    const [, authToken] = this.#printed(/^ *AuthToken +(\S+)$/m);
    return new Account(this.endpoint, sid, authToken);
  }

  /** Asks it to stop, as an init system does. It must end by itself, and cleanly. */
  async stop() {
    const ended = this.#ended();
    this.#child.kill('SIGTERM');
    const [code, signal] = await within(30, 'the server to stop after SIGTERM', ended).finally(() => this.kill());
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, this.#errors);
  }

  /** Ends it at once, without a last word (`kill -9`). */
  async kill() {
    const ended = this.#ended();
    // One that never started has no process, and Node would then end this one.
    if (this.#child.pid !== undefined) this.#child.kill('SIGKILL');
    await ended;
    if (this.ownsFolder) await rm(this.folder, { recursive: true, force: true });
  }

  #alive() {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) throw new GiveUp(`it ended with ${exitCode ?? signalCode}`);
    if (this.#child.pid === undefined) throw new GiveUp(`${BINARY} cannot be run; \`make build\` makes it`);
    return true;
  }

  #address() {
    return this.#alive() && this.#output.match(/http:\/\/127\.0\.0\.1:\d+(?=\/)/)?.[0];
  }

  #printed(pattern) {
    const match = this.#output.match(pattern);
    assert.ok(match, `the server should have printed ${pattern}:\n${this.#output}`);
    return match;
  }

  #ended() {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return Promise.resolve([exitCode, signalCode]);
    return once(this.#child, 'exit');
  }
}

function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${seconds} s in vain for ${what}`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
