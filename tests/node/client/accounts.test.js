// The rest of Twilio's Node client for the two resources: subaccounts, API keys, every issue and parameter, every error,
// and connections that the client closes after each request.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import twilio from "twilio";

import { Account, callSid } from "../lib/api.js";
import { ISSUES } from "../lib/history.js";
import { Server } from "../lib/server.js";
import { waitFor } from "../lib/wait.js";

let server, subaccount;
before(async () => {
  server = await Server.start();
  subaccount = await create("subaccounts", { name: "Sales" });
});
after(() => server?.stop());

/** Creates a subaccount or an API key, and returns the response. */
async function create(resource, json) {
  const { account } = server;
  const { status, text } = await account.request("POST", `/v1/accounts/${account.sid}/${resource}`, { json });
  assert.equal(status, 201, text);
  return JSON.parse(text);
}

function client({
  user = server.account.sid,
  secret = server.account.authToken,
  accountSid = server.account.sid,
} = {}) {
  const made = twilio(user, secret, { accountSid });
  made.api.baseUrl = server.endpoint;
  return made;
}

const report = (number) => server.account.report([{ sid: callSid(number), started_at: "2017-05-01T12:00:00Z" }]);
const refused = (request, status, code) =>
  assert.rejects(request, (error) => error.status === status && error.code === code && error.message.length > 10);
const finished = (summary) =>
  waitFor("the summary to be counted", async () => {
    const now = await summary.fetch();
    return now.status === "completed" && now;
  });

test("every score and every issue is accepted", async () => {
  await report(1);
  const feedback = client().calls(callSid(1)).feedback();
  for (let score = 1; score <= 5; score++) {
    for (const issue of [[], ...ISSUES.map((one) => [one]), ISSUES]) {
      const { qualityScore, issues } = await feedback.update({ qualityScore: score, issue });
      assert.deepEqual([qualityScore, issues], [score, issue]);
    }
  }
  assert.deepEqual((await feedback.fetch()).issues, ISSUES);
});

test("every parameter of a summary is accepted", async () => {
  const day = new Date("2016-02-29T00:00:00Z");
  for (const includeSubaccounts of [true, false]) {
    for (const statusCallbackMethod of ["GET", "POST"]) {
      const made = await client().calls.feedbackSummaries.create({
        startDate: day,
        endDate: day,
        includeSubaccounts,
        statusCallback: "https://callbacks.invalid/done?a=b",
        statusCallbackMethod,
      });
      const summary = client().calls.feedbackSummaries(made.sid);
      assert.equal((await finished(summary)).includeSubaccounts, includeSubaccounts);
      assert.equal(await summary.remove(), true);
    }
  }
});

test("a subaccount reaches itself, its parent reaches it, and it does not reach its parent", async () => {
  const { sid: accountSid, auth_token: secret } = subaccount;
  const parent = client({ accountSid });
  const own = client({ user: accountSid, secret, accountSid });
  const sid = callSid(2);
  await new Account(server.endpoint, accountSid, secret).report([{ sid, started_at: "2017-05-01T12:00:00Z" }]);

  assert.equal((await own.calls(sid).feedback().update({ qualityScore: 2 })).accountSid, accountSid);
  assert.equal((await parent.calls(sid).feedback().fetch()).qualityScore, 2);
  await report(3);
  const upwards = client({ user: accountSid, secret });
  await refused(upwards.calls(callSid(3)).feedback().fetch(), 404, 20404);
  await refused(upwards.calls.feedbackSummaries.create({ startDate: "2017-05-01", endDate: "2017-05-01" }), 404, 20404);
});

test("an API key is a user name that may do what its scopes allow", async () => {
  await report(4);
  const of = async (scope) => {
    const { sid: user, secret } = await create("api-keys", { scopes: [scope] });
    return client({ user, secret });
  };
  const [ingest, read, mint] = [await of("ingest"), await of("read"), await of("mint")];
  const feedback = (made) => made.calls(callSid(4)).feedback();
  assert.equal((await feedback(ingest).update({ qualityScore: 5 })).qualityScore, 5);
  assert.equal((await feedback(read).fetch()).qualityScore, 5);
  await refused(feedback(ingest).fetch(), 403, 20006);
  await refused(feedback(read).update({ qualityScore: 1 }), 403, 20006);
  await refused(feedback(mint).fetch(), 403, 20006);
  await refused(feedback(client({ user: `SK${"0".repeat(32)}`, secret: "x" })).fetch(), 401, 20003);
});

test("every error arrives repeatedly on connections that the client closes", async () => {
  await report(5);
  const made = client();
  const feedback = made.calls(callSid(5)).feedback();
  for (let n = 0; n < 20; n++) {
    assert.equal((await feedback.update({ qualityScore: 4 })).qualityScore, 4);
    await refused(feedback.update({ qualityScore: 0 }), 400, 20001);
    await refused(feedback.update({ qualityScore: 4, issue: ["dtmf-not-captured"] }), 400, 20001);
    await refused(feedback.update({ qualityScore: 4, issue: Array(6000).fill("dropped-call") }), 413, 20001);
    await refused(made.calls(callSid(6)).feedback().fetch(), 404, 20404);
    await refused(made.calls.feedbackSummaries(`FS${"0".repeat(32)}`).remove(), 404, 20404);
    await refused(made.calls.feedbackSummaries.create({ startDate: "2014-02-31", endDate: "2014-03-01" }), 400, 20001);
    await refused(
      client({ secret: "f".repeat(32) })
        .calls(callSid(5))
        .feedback()
        .fetch(),
      401,
      20003,
    );
  }
});
