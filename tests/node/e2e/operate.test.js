// The server and its commands, as an operator uses them.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { Account, callSid } from "../lib/api.js";
import { assertCountsAgree, newDatabase, ringback, ringbackJson } from "../lib/server.js";

const START = "2026-03-02T09:30:00Z";

test("a restarted server has its data and prints no secret", async (t) => {
  const { folder, start } = await newDatabase(t);
  const first = await start();
  const { account } = first;
  await account.report([{ sid: callSid(1), started_at: START }]);
  assert.equal((await account.rate(callSid(1), { score: 2 })).status, 201);
  await first.stop();

  const second = await start();
  assert.doesNotMatch(second.output, /AuthToken/);
  assert.deepEqual(await account.at(second.endpoint).rating(callSid(1)), { score: 2, issues: [] });
  await second.stop();
  await assertCountsAgree(folder);
});

test("a second server on the same database refuses to start, and says why", async (t) => {
  const { folder, start } = await newDatabase(t);
  const server = await start();
  const { code, stderr } = await ringback(folder, ["serve", "--listen", "127.0.0.1:0"]);
  assert.equal(code, 1);
  assert.match(stderr, /another server is using .*ringback\.db/);
  await server.stop();
});

test("an error names a port that is in use", async (t) => {
  const { start } = await newDatabase(t);
  const server = await start();
  const { host } = new URL(server.endpoint);
  const { code, stderr } = await ringback((await newDatabase(t)).folder, ["serve", "--listen", host]);
  assert.equal(code, 1);
  assert.ok(stderr.includes(host), stderr);
  await server.stop();
});

test("an account is suspended and resumed while the server runs", async (t) => {
  const { folder, start } = await newDatabase(t);
  const server = await start();
  const { account } = server;
  await account.report([{ sid: callSid(1), started_at: START }]);
  const suspended = await ringback(folder, ["account", "suspend", account.sid]);
  assert.equal(suspended.stdout, `${account.sid} is suspended.\n`);
  assert.equal((await account.rate(callSid(1), { score: 2 })).status, 403);
  assert.match(
    (await ringback(folder, ["account", "list"])).stdout,
    new RegExp(`^${account.sid}  Main account  suspended\n$`),
  );
  const resumed = await ringback(folder, ["account", "resume", account.sid]);
  assert.equal(resumed.stdout, `${account.sid} is active.\n`);
  assert.equal((await account.rate(callSid(1), { score: 2 })).status, 201);
  await server.stop();
});

test("an account can be created with existing credentials", async (t) => {
  const { folder, start } = await newDatabase(t);
  const sid = `AC${"0123456789abcdef".repeat(2)}`;
  const authToken = "fedcba9876543210fedcba9876543210";
  const create = ["account", "create", "--name", "Old", "--sid", sid, "--auth-token-stdin"];
  assert.deepEqual(await ringbackJson(folder, create, `${authToken}\n`), { account_sid: sid, auth_token: authToken });

  const server = await start();
  const account = new Account(server.endpoint, sid, authToken);
  await account.report([{ sid: callSid(1), started_at: START }]);
  assert.equal((await account.rate(callSid(1), { score: 4 })).status, 201);
  await server.stop();
});

test("a backend with an API key signs rating tokens by itself", async (t) => {
  const { folder, start } = await newDatabase(t);
  const created = await ringbackJson(folder, ["account", "create", "--name", "Shop"]);
  assert.deepEqual(Object.keys(created).sort(), ["account_sid", "auth_token"]);
  const { account_sid, auth_token } = created;
  const key = await ringbackJson(folder, ["key", "create", "--account", account_sid, "--scope", "mint"]);
  assert.match(key.sid, /^SK[0-9a-f]{32}$/);

  const server = await start();
  const call = "f81d4fae-7dec@pbx.example";
  const token = ratingToken(key, { sub: account_sid, call });
  const feedback = `${server.endpoint}/2010-04-01/Accounts/${account_sid}/Calls/${encodeURIComponent(call)}/Feedback.json`;
  const rate = (Authorization) =>
    fetch(feedback, { method: "POST", headers: { Authorization }, body: new URLSearchParams({ QualityScore: 3 }) });
  assert.equal((await rate(`Bearer ${token}`)).status, 201);
  assert.equal(
    (await rate(`Bearer ${ratingToken({ ...key, secret: "guessed" }, { sub: account_sid, call })}`)).status,
    401,
  );

  const { sid } = await (await rate(`Bearer ${token}`)).json();
  const account = new Account(server.endpoint, account_sid, auth_token);
  assert.deepEqual(await account.rating(sid), { score: 3, issues: [] });
  await server.stop();
});

/** Signs a rating token, as a backend does. */
function ratingToken({ sid, secret }, claims) {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const payload = { iss: sid, aud: "ringback", iat: now, exp: now + 600, jti: "one", ...claims };
  const unsigned = `${encode({ alg: "HS256", typ: "ringback-rating+jwt" })}.${encode(payload)}`;
  return `${unsigned}.${createHmac("sha256", secret).update(unsigned).digest("base64url")}`;
}
