// `kill -9` while receivers are being told that summaries ended: each is told after the next start.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';

import { Receiver } from '../lib/receiver.js';
import { Server, newFolder } from '../lib/server.js';
import { waitFor } from '../lib/wait.js';

const SUMMARIES = 30;

test('what was not told before kill -9 is told afterwards', async t => {
  const folder = await newFolder();
  const receiver = await Receiver.start();
  let server;
  t.after(async () => {
    await server?.kill();
    await receiver.stop();
    await rm(folder, { recursive: true });
  });
  server = await Server.start({ folder, privateCallbacks: true });
  let { account } = server;

  // The first are told, and wait for an answer when the server dies.
  receiver.silent = true;
  const parameters = { StatusCallback: `${receiver.origin}/ended` };
  const made = await Promise.all(
    Array.from({ length: SUMMARIES }, () => account.summarise('2026-03-10', '2026-03-10', parameters)),
  );
  await waitFor('a receiver to be told', () => receiver.seen.length > 0);
  await server.kill();
  const before = receiver.seen.length;
  assert.ok(before < SUMMARIES, 'a receiver is told a few things at a time');

  receiver.silent = false;
  server = await Server.start({ folder, privateCallbacks: true });
  account = account.at(server.endpoint);
  const callbacks = await waitFor('all to be told', async () => {
    const now = await account.callbacks();
    return now.length === SUMMARIES && now.every(({ state }) => state === 'delivered') && now;
  });
  const sids = made.map(({ sid }) => sid).sort();
  assert.deepEqual(callbacks.map(callback => callback.summary_sid).sort(), sids);
  const answered = receiver.seen.slice(before).map(({ body }) => new URLSearchParams(body).get('FeedbackSummarySid'));
  assert.deepEqual([...new Set(answered)].sort(), sids);
  t.diagnostic(`${before} of ${SUMMARIES} were told before the kill, and not noted`);
  await server.stop();
});
