import assert from 'node:assert/strict';
import { test } from 'node:test';

import { judge, withoutSyncs } from '../lib/trace.js';

const REQUEST = String.raw`7  recvfrom(12<socket:[88]>, "POST /2010-04-01/x HTTP/1.1\r\n\r\nQualityScore=4&Comment=mark-1", 8192, 0, NULL, NULL) = 61`;
const WRITE = String.raw`9  pwrite64(11</tmp/t/ringback.db-wal>, "\r\0\0mark-1\377", 4096, 32) = 4096`;
const SYNC = '9  fdatasync(11</tmp/t/ringback.db-wal>) = 0';
const ANSWER = String.raw`7  writev(12<socket:[88]>, [{iov_base="HTTP/1.1 201 Created\r\n\r\n", iov_len=24}, {iov_base="{}", iov_len=2}], 2) = 26`;

const verdict = (...lines) => judge(lines.join('\n'), ['mark-1']).get('mark-1');
const unfinished = line => line.replace(/\) += \d+$/, ' <unfinished ...>');
const resumed = line => line.replace(/^(\d+) +(\w+)\(.*(\) += \d+)$/, '$1  <... $2 resumed>$3');

test('written, synced, acknowledged: that is the promise', () => {
  assert.equal(verdict(REQUEST, WRITE, SYNC, ANSWER), undefined);
});

test('calls that other threads interrupt are put together again', () => {
  assert.equal(
    verdict(REQUEST, unfinished(WRITE), '7  read(3<anon_inode:[eventpoll]>, "", 8) = 0', resumed(WRITE), SYNC, ANSWER),
    undefined,
  );
});

test('a trace without its syncs is bad', () => {
  const good = [REQUEST, WRITE, unfinished(SYNC), resumed(SYNC), ANSWER].join('\n');
  assert.equal(judge(good, ['mark-1']).get('mark-1'), undefined);
  assert.match(judge(withoutSyncs(good), ['mark-1']).get('mark-1'), /before it was synced/);
});

test('a sync that ends after the answer has left is too late', () => {
  assert.match(verdict(REQUEST, WRITE, ANSWER, SYNC), /before it was synced/);
  assert.match(verdict(REQUEST, WRITE, unfinished(SYNC), ANSWER, resumed(SYNC)), /before it was synced/);
});

test('a sync that began before the rating was written does not cover it', () => {
  assert.match(verdict(REQUEST, SYNC, WRITE, ANSWER), /before it was synced/);
  assert.match(verdict(REQUEST, unfinished(SYNC), WRITE, resumed(SYNC), ANSWER), /before it was synced/);
});

test('a sync that failed, or of another file, does not count', () => {
  assert.match(verdict(REQUEST, WRITE, SYNC.replace('= 0', '= -1 EIO (Input/output error)'), ANSWER), /synced/);
  assert.match(verdict(REQUEST, WRITE, SYNC.replace('.db-wal', '.db.key'), ANSWER), /synced/);
});

test('an answer without a write is bad', () => {
  assert.match(verdict(REQUEST, SYNC, ANSWER), /before it was written/);
  assert.match(verdict(REQUEST, ANSWER, WRITE, SYNC), /before it was written/);
});

test('an answer that refuses promises nothing', () => {
  assert.equal(verdict(REQUEST, ANSWER.replace('201 Created', '503 Service Unavailable')), undefined);
});

test('what the trace does not show is not taken for good', () => {
  assert.match(verdict(WRITE, SYNC, ANSWER), /request is not in the trace/);
  assert.match(verdict(REQUEST, WRITE, SYNC, ANSWER.replace('socket:[88]', 'socket:[89]')), /answer is not in the trace/);
});
