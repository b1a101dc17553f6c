// Twilio's own Node client, as existing code uses it: only the base URL differs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import twilio from "twilio";

import { callSid } from "../lib/api.js";
import { Server } from "../lib/server.js";
import { waitFor } from "../lib/wait.js";

let server;
before(async () => (server = await Server.start()));
after(() => server?.stop());

const client = (authToken = server.account.authToken) => {
  const made = twilio(server.account.sid, authToken);
  made.api.baseUrl = server.endpoint;
  return made;
};
const feedback = (number) => client().calls(callSid(number)).feedback();
const report = (number, startedAt) => server.account.report([{ sid: callSid(number), started_at: startedAt }]);
const refused = (request, status, code) =>
  assert.rejects(request, (error) => error.status === status && error.code === code && error.message.length > 10);

test("a call is rated with two issues, read back and rated again", async () => {
  await report(1, "2015-08-20T21:45:46Z");
  const rated = await feedback(1).update({ qualityScore: 3, issue: ["one-way-audio", "imperfect-audio"] });
  const read = await feedback(1).fetch();
  for (const { accountSid, sid, qualityScore, issues, dateCreated } of [rated, read]) {
    assert.deepEqual(
      { accountSid, sid, qualityScore, issues },
      {
        accountSid: server.account.sid,
        sid: callSid(1),
        qualityScore: 3,
        issues: ["imperfect-audio", "one-way-audio"],
      },
    );
    assert.ok(Math.abs(Date.now() - dateCreated) < 3_600_000);
  }
  assert.deepEqual((await feedback(1).update({ qualityScore: 5 })).issues, []);
});

test("a summary is created, read and deleted", async () => {
  await report(2, "2016-02-29T23:59:59Z");
  await feedback(2).update({ qualityScore: 4, issue: ["dropped-call"] });
  const day = new Date("2016-02-29T00:00:00Z");
  const made = await client().calls.feedbackSummaries.create({
    startDate: day,
    endDate: day,
    includeSubaccounts: true,
  });
  const summary = client().calls.feedbackSummaries(made.sid);
  assert.deepEqual([made.status, made.callCount, made.issues], ["queued", null, []]);
  const read = await waitFor("the summary to be counted", async () => {
    const now = await summary.fetch();
    return now.status === "completed" && now;
  });
  assert.deepEqual(
    [read.status, read.callCount, read.callFeedbackCount, read.qualityScoreAverage, read.includeSubaccounts],
    ["completed", 1, 1, 4, true],
  );
  assert.deepEqual(read.issues, [{ count: 1, description: "dropped-call", percentage_of_total_calls: "100.0%" }]);
  assert.equal(await summary.remove(), true);
  await refused(summary.fetch(), 404, 20404);
});

test("errors have the status and the code that the client expects", async () => {
  await refused(feedback(3).fetch(), 404, 20404);
  await report(4, "2015-08-20T21:45:46Z");
  await refused(feedback(4).update({ qualityScore: 6 }), 400, 20001);
  await refused(client("ffffffffffffffffffffffffffffffff").calls(callSid(4)).feedback().fetch(), 401, 20003);
});

test("connections that the client closes never fail", async () => {
  // If a server closes without echoing `Connection: close`, about half of these requests fail with ECONNRESET.
  await report(5, "2015-08-20T21:45:46Z");
  for (let n = 0; n < 60; n++) {
    assert.equal((await feedback(5).update({ qualityScore: (n % 5) + 1 })).qualityScore, (n % 5) + 1);
  }
});
