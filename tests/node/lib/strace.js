import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GiveUp, waitFor } from './wait.js';

/**
 * Watches, and with `inject` disturbs, the system calls of a running process while `work` runs. The trace is what strace
 * wrote about `calls`; `inject` is what its option of that name takes, such as `fsync:error=EIO`.
 */
export async function strace(pid, { calls, inject = [] }, work) {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-strace-'));
  const file = join(folder, 'trace');
  // -s: a whole page of the database and a whole request must be seen.
  const args = ['-f', '-y', '-s', '10000', '-o', file, '-e', `trace=${calls}`, '-p', `${pid}`];
  for (const fault of inject) args.push('-e', `inject=${fault}`);
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(tracer, 'close');
  let said = '';
  tracer.stderr.setEncoding('utf8').on('data', text => (said += text));
  try {
    await waitFor('strace to attach', () => {
      if (tracer.exitCode !== null) {
        throw new GiveUp(`strace cannot watch the server; run as root or with kernel.yama.ptrace_scope=0: ${said}`);
      }
      return /Process \d+ attached/.test(said);
    });
    await work();
  } finally {
    // Lets go of the process, which goes on.
    tracer.kill('SIGINT');
    await ended;
  }
  const trace = await readFile(file, 'utf8');
  await rm(folder, { recursive: true });
  return trace;
}
