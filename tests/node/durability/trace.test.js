import assert from "node:assert/strict";
import { test } from "node:test";

import { checkAcknowledgements, withoutSyncs } from "../lib/trace.js";

const REQUEST = String.raw`7  recvfrom(12<socket:[88]>, "POST /2010-04-01/x HTTP/1.1\r\n\r\nQualityScore=4&Comment=mark-1", 8192, 0, NULL, NULL) = 61`;
const WRITE = String.raw`9  pwrite64(11</data/ringback.db-wal>, "\r\0\0mark-1\377", 4096, 32) = 4096`;
const SYNC = "9  fdatasync(11</data/ringback.db-wal>) = 0";
const RESPONSE = String.raw`7  writev(12<socket:[88]>, [{iov_base="HTTP/1.1 201 Created\r\n\r\n", iov_len=24}, {iov_base="{}", iov_len=2}], 2) = 26`;

const check = (...lines) => checkAcknowledgements(lines.join("\n"), ["mark-1"]).get("mark-1");
const unfinished = (line) => line.replace(/\) += \d+$/, " <unfinished ...>");
const resumed = (line) => line.replace(/^(\d+) +(\w+)\(.*(\) += \d+)$/, "$1  <... $2 resumed>$3");

test("a rating that is written, synced and then acknowledged keeps the promise", () => {
  assert.equal(check(REQUEST, WRITE, SYNC, RESPONSE), undefined);
});

test("the parts of an interrupted system call are joined", () => {
  assert.equal(
    check(REQUEST, unfinished(WRITE), '7  read(3<anon_inode:[eventpoll]>, "", 8) = 0', resumed(WRITE), SYNC, RESPONSE),
    undefined,
  );
});

test("a trace without syncs breaks the promise", () => {
  const good = [REQUEST, WRITE, unfinished(SYNC), resumed(SYNC), RESPONSE].join("\n");
  assert.equal(checkAcknowledgements(good, ["mark-1"]).get("mark-1"), undefined);
  assert.match(checkAcknowledgements(withoutSyncs(good), ["mark-1"]).get("mark-1"), /before it was synced/);
});

test("a sync that ends after the response is too late", () => {
  assert.match(check(REQUEST, WRITE, RESPONSE, SYNC), /before it was synced/);
  assert.match(check(REQUEST, WRITE, unfinished(SYNC), RESPONSE, resumed(SYNC)), /before it was synced/);
});

test("a sync that began before the rating was written does not cover it", () => {
  assert.match(check(REQUEST, SYNC, WRITE, RESPONSE), /before it was synced/);
  assert.match(check(REQUEST, unfinished(SYNC), WRITE, resumed(SYNC), RESPONSE), /before it was synced/);
});

test("a sync that failed or is of another file does not count", () => {
  assert.match(check(REQUEST, WRITE, SYNC.replace("= 0", "= -1 EIO (Input/output error)"), RESPONSE), /synced/);
  assert.match(check(REQUEST, WRITE, SYNC.replace(".db-wal", ".db.key"), RESPONSE), /synced/);
});

test("a response without a write breaks the promise", () => {
  assert.match(check(REQUEST, SYNC, RESPONSE), /before it was written/);
  assert.match(check(REQUEST, RESPONSE, WRITE, SYNC), /before it was written/);
});

test("a refusal promises nothing", () => {
  assert.equal(check(REQUEST, RESPONSE.replace("201 Created", "503 Service Unavailable")), undefined);
});

test("a request or response that the trace does not show is a failure", () => {
  assert.match(check(WRITE, SYNC, RESPONSE), /request is not in the trace/);
  assert.match(
    check(REQUEST, WRITE, SYNC, RESPONSE.replace("socket:[88]", "socket:[89]")),
    /response is not in the trace/,
  );
});
