// `kill -9` while callbacks are being sent: every callback is delivered after the next start.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Receiver } from "../lib/receiver.js";
import { newDatabase } from "../lib/server.js";
import { waitFor } from "../lib/wait.js";

const SUMMARIES = 30;

test("callbacks that kill -9 interrupts are delivered after a restart", async (t) => {
  const { start } = await newDatabase(t);
  const receiver = await Receiver.start();
  t.after(() => receiver.stop());
  let server = await start({ privateCallbacks: true });
  let { account } = server;

  // The first requests are still waiting for a response when the server dies.
  receiver.silent = true;
  const parameters = { StatusCallback: `${receiver.origin}/ended` };
  const made = await Promise.all(
    Array.from({ length: SUMMARIES }, () => account.summarise("2026-03-10", "2026-03-10", parameters)),
  );
  await waitFor("a callback", () => receiver.requests.length > 0);
  await server.kill();
  const before = receiver.requests.length;
  assert.ok(before < SUMMARIES, "a receiver gets a few requests at a time");

  receiver.silent = false;
  server = await start({ privateCallbacks: true });
  account = account.at(server.endpoint);
  const callbacks = await waitFor("all callbacks to be delivered", async () => {
    const now = await account.callbacks();
    return now.length === SUMMARIES && now.every(({ state }) => state === "delivered") && now;
  });
  const sids = made.map(({ sid }) => sid).sort();
  assert.deepEqual(callbacks.map((callback) => callback.summary_sid).sort(), sids);
  const delivered = receiver.requests
    .slice(before)
    .map(({ body }) => new URLSearchParams(body).get("FeedbackSummarySid"));
  assert.deepEqual([...new Set(delivered)].sort(), sids);
  t.diagnostic(`${before} of ${SUMMARIES} were sent before the kill, without a response`);
  await server.stop();
});
