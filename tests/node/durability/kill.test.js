// `kill -9` at any moment: every acknowledged rating is there afterwards, and the counts equal the rows.
// The kernel survives and keeps data that was written but not synced, so sync.test.js checks the syncs.
import assert from "node:assert/strict";
import { test } from "node:test";

import { callSid } from "../lib/api.js";
import { seeded } from "../lib/random.js";
import { assertCountsAgree, newDatabase } from "../lib/server.js";

const SEED = Number(process.env.SEED ?? 20150820);
const ROUNDS = 12;
const CLIENTS = 16;
const CALLS_PER_CLIENT = 20;
const MOST_ACKNOWLEDGED = 250;
const ISSUES = ["imperfect-audio", "dropped-call", "one-way-audio"];

test(`ratings survive kill -9 at ${ROUNDS} moments (SEED=${SEED})`, async (t) => {
  const random = seeded(SEED);
  const { folder, start } = await newDatabase(t);
  let server = await start();
  let { account } = server;
  let found = 0;

  for (let round = 0; round < ROUNDS; round++) {
    const calls = callsOfRound(round);
    await account.report(calls.map((sid) => ({ sid, started_at: startOf(round), direction: "inbound" })));

    // The first round ends at the first acknowledgement, the others at a random one.
    const killAfter = round === 0 ? 1 : random.integer(2, MOST_ACKNOWLEDGED);
    const ratings = await rateUntil(killAfter, account, calls, random, () => server.kill());

    await assertCountsAgree(folder);
    server = await start();
    account = account.at(server.endpoint);
    for (const [sid, { acknowledged, pending }] of ratings) {
      const stored = await account.rating(sid);
      const allowed = [acknowledged, ...(pending ? [pending] : [])];
      assert.ok(
        allowed.some((rating) => same(rating, stored)),
        `round ${round}, ${sid}: ${JSON.stringify(stored)} is none of ${JSON.stringify(allowed)}`,
      );
      if (acknowledged) found++;
    }
    t.diagnostic(`round ${round}: killed after ${killAfter} acknowledged ratings`);
  }
  t.diagnostic(`${found} acknowledged ratings looked up, none lost`);

  await server.stop();
  await assertCountsAgree(folder);
});

/**
 * Many clients rate calls and change ratings until `killAfter` ratings were acknowledged. Then `kill` is called, and the
 * clients end with an error. Returns for each call the last acknowledged rating and the pending one.
 */
async function rateUntil(killAfter, account, calls, random, kill) {
  const ratings = new Map(calls.map((sid) => [sid, { acknowledged: undefined, pending: undefined }]));
  let acknowledged = 0;
  let killed;

  const client = async (own) => {
    while (!killed) {
      const sid = own[random.integer(0, own.length - 1)];
      const rating = { score: random.integer(1, 5), issues: random.some(ISSUES) };
      ratings.get(sid).pending = rating;
      let answer;
      try {
        answer = await account.rate(sid, rating);
      } catch (error) {
        if (killed) return;
        throw error;
      }
      assert.ok(answer.status === 200 || answer.status === 201, `${answer.status} ${answer.text}`);
      ratings.set(sid, { acknowledged: rating, pending: undefined });
      if (++acknowledged === killAfter) killed = kill();
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, i) => client(calls.filter((_, j) => j % CLIENTS === i)));
  await Promise.all(clients);
  await killed;
  return ratings;
}

const callsOfRound = (round) =>
  Array.from({ length: CLIENTS * CALLS_PER_CLIENT }, (_, number) => callSid(round * 0x10000 + number));

const startOf = (round) => `2026-03-${String(round + 1).padStart(2, "0")}T09:30:00Z`;

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
