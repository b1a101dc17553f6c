// Callbacks for summaries that Twilio's own Node client creates, checked by its own validator.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import twilio from "twilio";

import { Receiver } from "../lib/receiver.js";
import { Server } from "../lib/server.js";
import { waitFor } from "../lib/wait.js";

let server;
let receiver;
before(async () => {
  server = await Server.start({ privateCallbacks: true });
  receiver = await Receiver.start();
});
after(async () => {
  await receiver?.stop();
  await server?.stop();
});

/** Creates a summary, and waits for its callback. */
async function callBack(path, statusCallbackMethod) {
  const client = twilio(server.account.sid, server.account.authToken);
  client.api.baseUrl = server.endpoint;
  const day = new Date("2016-02-29T00:00:00Z");
  const { sid } = await client.calls.feedbackSummaries.create({
    startDate: day,
    endDate: day,
    statusCallback: receiver.origin + path,
    statusCallbackMethod,
  });
  const has = (request) => request.url.includes(sid) || request.body.includes(sid);
  const request = await waitFor(`the callback to ${path}`, () => receiver.requests.find(has));
  return { sid, request };
}

const valid = ({ url, headers }, parameters, authToken = server.account.authToken) =>
  twilio.validateRequest(authToken, headers["x-twilio-signature"], url, parameters);

const expected = (sid) => ({
  AccountSid: server.account.sid,
  FeedbackSummarySid: sid,
  Status: "completed",
  ResourceUri: `/2010-04-01/Accounts/${server.account.sid}/Calls/FeedbackSummary/${sid}.json`,
});

test("a POST passes Twilio’s validator", async () => {
  for (const method of [undefined, "POST"]) {
    const { sid, request } = await callBack("/ended?shop=7&b=%2f", method);
    assert.deepEqual([request.method, request.url], ["POST", `${receiver.origin}/ended?shop=7&b=%2f`]);
    const parameters = Object.fromEntries(new URLSearchParams(request.body));
    assert.deepEqual(parameters, expected(sid));
    assert.ok(valid(request, parameters));
    assert.ok(!valid(request, { ...parameters, Status: "failed" }));
    assert.ok(!valid(request, parameters, "ffffffffffffffffffffffffffffffff"));
  }
});

test("a GET passes Twilio’s validator", async () => {
  for (const path of ["/ended", "/ended?shop=7&b=%2f"]) {
    const { sid, request } = await callBack(path, "GET");
    assert.deepEqual([request.method, request.body], ["GET", ""]);
    const parameters = Object.fromEntries(new URL(request.url).searchParams);
    const before = Object.fromEntries(new URL(receiver.origin + path).searchParams);
    assert.deepEqual(parameters, { ...before, ...expected(sid) });
    assert.ok(valid(request, {}));
    assert.ok(!valid({ ...request, url: request.url.replace("completed", "failed") }, {}));
  }
});
