// Callbacks of the built server: over TLS, and to receivers that it refuses.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { Receiver } from "../lib/receiver.js";
import { newFolder, Server } from "../lib/server.js";
import { waitFor } from "../lib/wait.js";

let folder, certificates, tls;
before(async () => {
  folder = await newFolder();
  certificates = join(folder, "cert.pem");
  const key = join(folder, "key.pem");
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
  const keyOptions = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost"];
  const certificate = [
    "-addext",
    names,
    "-addext",
    "basicConstraints=critical,CA:FALSE",
    "-keyout",
    key,
    "-out",
    certificates,
  ];
  await promisify(execFile)("openssl", ["req", "-x509", ...keyOptions, ...certificate]);
  tls = { key: await readFile(key), cert: await readFile(certificates) };
});
after(() => rm(folder, { recursive: true }));

/** Starts a server, creates a summary with a callback to the receiver, and returns the callback after one attempt. */
async function callBack(options, receiver) {
  const server = await Server.start(options);
  try {
    const { account } = server;
    await account.summarise("2026-03-10", "2026-03-10", { StatusCallback: `${receiver.origin}/ended` });
    return await waitFor("the callback to be tried", async () => {
      const [callback] = await account.callbacks();
      return callback?.tries === 1 && callback;
    });
  } finally {
    await server.stop();
  }
}

test("a receiver with a trusted certificate gets its callback over TLS", async () => {
  for (const host of ["localhost", "127.0.0.1"]) {
    const receiver = await Receiver.start({ tls, host });
    const callback = await callBack({ privateCallbacks: true, certificates }, receiver);
    assert.deepEqual([callback.state, callback.last_status], ["delivered", 204]);
    assert.deepEqual(
      receiver.requests.map(({ method }) => method),
      ["POST"],
    );
    await receiver.stop();
  }
});

test("a receiver with an untrusted certificate gets no callback", async () => {
  const receiver = await Receiver.start({ tls });
  const callback = await callBack({ privateCallbacks: true }, receiver);
  assert.equal(callback.state, "pending");
  assert.match(callback.last_error, /^(no TLS connection|TLS cannot be used): /);
  assert.deepEqual(receiver.requests, []);
  await receiver.stop();
});

test("a receiver on this machine gets no callback unless that is allowed", async () => {
  const receiver = await Receiver.start({ host: "localhost" });
  const callback = await callBack({}, receiver);
  assert.equal(callback.state, "given-up");
  assert.equal(callback.last_error, "refused: the host leads to a private or reserved address");
  assert.deepEqual(receiver.requests, []);
  await receiver.stop();
});
