// Every acknowledged rating is on disk. strace traces the running server, or makes its disk fail.
import assert from "node:assert/strict";
import { test } from "node:test";

import { callSid } from "../lib/api.js";
import { assertCountsAgree, newDatabase } from "../lib/server.js";
import { strace } from "../lib/strace.js";
import { checkAcknowledgements, withoutSyncs } from "../lib/trace.js";

const CALLS_OF_A_RATING =
  "read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,pwritev,pwritev2,fsync,fdatasync";
const RATINGS = 120;
const AT_ONCE = 8;

const call = (number) => ({ sid: callSid(number), started_at: "2026-03-02T09:30:00Z" });

/** Starts a server with `count` calls; `restart` starts another one on the same database. */
async function serverWithCalls(t, count) {
  const { start } = await newDatabase(t);
  const server = await start();
  await server.account.report(Array.from({ length: count }, (_, number) => call(number)));
  return { server, restart: start };
}

test("no 2xx leaves the socket before the sync that covers its rating", async (t) => {
  const { server } = await serverWithCalls(t, RATINGS);
  const { account } = server;
  const marker = (number) => `mark-${String(number).padStart(4, "0")}-end`;
  const rate = async (number) => {
    const { status, text } = await account.rate(callSid(number), { score: 1 + (number % 5), comment: marker(number) });
    assert.equal(status, 201, text);
  };

  const trace = await strace(server.pid, { calls: CALLS_OF_A_RATING }, async () => {
    // First one by one, then concurrently, which the server may commit as a group.
    let next = 0;
    while (next < RATINGS / 4) await rate(next++);
    const worker = async () => {
      while (next < RATINGS) await rate(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  });

  const markers = Array.from({ length: RATINGS }, (_, number) => marker(number));
  const broken = [...checkAcknowledgements(trace, markers)].filter(([, failure]) => failure);
  assert.equal(broken.length, 0, `${broken.length} of ${RATINGS} broke the promise, first ${broken[0]}`);

  // The check works: in the trace that a server with synchronous=OFF would leave, every rating breaks the promise.
  const missed = [...checkAcknowledgements(withoutSyncs(trace), markers)].filter(
    ([, failure]) => !/before it was synced/.test(failure),
  );
  assert.equal(missed.length, 0, `${missed.length} of ${RATINGS} went unnoticed, first ${missed[0]}`);
  await server.stop();
});

for (const [operation, fault] of [
  ["sync", "fsync,fdatasync:error=EIO"],
  ["write", "pwrite64:error=ENOSPC"],
]) {
  test(`if the disk fails to ${operation}, ratings are refused with 5xx until it works again`, async (t) => {
    const { server, restart } = await serverWithCalls(t, 3);
    const { account, folder } = server;
    assert.equal((await account.rate(callSid(0), { score: 5 })).status, 201);

    const refused = [];
    await strace(server.pid, { calls: fault.split(":")[0], inject: [fault] }, async () => {
      // A new rating, and a change of a rating that is on disk.
      refused.push(await account.rate(callSid(1), { score: 1 }), await account.rate(callSid(0), { score: 2 }));
    });
    for (const { status, text } of refused) assert.ok(status >= 500, `${status} ${text}`);

    assert.equal((await account.rate(callSid(1), { score: 4, issues: ["audio-latency"] })).status, 201);
    await server.kill();

    await assertCountsAgree(folder);
    const again = await restart();
    const after = account.at(again.endpoint);
    assert.deepEqual(await after.rating(callSid(0)), { score: 5, issues: [] });
    assert.deepEqual(await after.rating(callSid(1)), { score: 4, issues: ["audio-latency"] });
    assert.equal(await after.rating(callSid(2)), undefined);
    await again.stop();
  });
}
