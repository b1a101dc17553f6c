// `kill -9` while summaries are queued or in progress: every acknowledged summary completes after the next start.
import assert from "node:assert/strict";
import { test } from "node:test";

import { callSid } from "../lib/api.js";
import { newDatabase } from "../lib/server.js";
import { waitFor } from "../lib/wait.js";

const ROUNDS = 5;
const SUMMARIES = 40;

test(`summaries survive kill -9 in ${ROUNDS} rounds`, async (t) => {
  const { start } = await newDatabase(t);
  let server = await start();
  let { account } = server;
  await account.report([1, 2, 3].map((n) => ({ sid: callSid(n), started_at: "2026-03-10T09:30:00Z" })));
  let unfinished = 0;

  for (let round = 0; round < ROUNDS; round++) {
    const made = await Promise.all(
      Array.from({ length: SUMMARIES }, () => account.summarise("2026-03-10", "2026-03-10")),
    );
    await server.kill();
    server = await start();
    account = account.at(server.endpoint);
    for (const { sid } of made) {
      const first = await account.summary(sid);
      if (first.status !== "completed") unfinished++;
      const summary = await waitFor(`${sid} to end`, async () => {
        const now = await account.summary(sid);
        return now.status !== "queued" && now.status !== "in-progress" && now;
      });
      assert.deepEqual([summary.status, summary.call_count], ["completed", 3]);
    }
  }
  t.diagnostic(`${ROUNDS * SUMMARIES} summaries completed, ${unfinished} of them were unfinished after the kill`);
  await server.stop();
});
