// Checks one promise in the output of `strace -f -y -s … -o FILE`: a response that acknowledges a rating leaves only after
// the bytes of the rating were written to the database and then synced.
//
// Each rating has a marker in its comment, which appears verbatim in the request and in the database page of the rating.
// So the check assumes nothing about which sync belongs to which request.

const READS = new Set(["read", "readv", "recvfrom", "recvmsg"]);
const WRITES = new Set(["write", "writev", "sendto", "sendmsg"]);
const FILE_WRITES = new Set(["write", "writev", "pwrite64", "pwritev", "pwritev2"]);
const SYNCS = new Set(["fsync", "fdatasync"]);

/** The system calls of a trace, in the order in which they began; `began` and `ended` are line numbers. */
export function systemCalls(trace) {
  const calls = [];
  const unfinished = new Map();
  trace.split("\n").forEach((line, number) => {
    const resumed = line.match(/^(\d+) +<\.\.\. (\w+) resumed>(.*)$/);
    if (resumed) {
      const [, thread, name, rest] = resumed;
      const call = unfinished.get(thread);
      // A call that began before strace attached lacks its first part, and is of no use here.
      if (call?.name === name) finish(call, call.text + rest, number);
      unfinished.delete(thread);
      return;
    }
    const begun = line.match(/^(\d+) +(\w+)\((.*)$/);
    if (!begun) return;
    const [, thread, name, rest] = begun;
    const call = { thread, name, text: rest, began: number, ended: Infinity, result: NaN };
    calls.push(call);
    if (rest.endsWith("<unfinished ...>")) {
      call.text = rest.slice(0, -"<unfinished ...>".length);
      unfinished.set(thread, call);
    } else {
      finish(call, rest, number);
    }
  });
  for (const call of calls) call.file = call.text.match(/^(\d+<.*?>)(?= *[,)])/)?.[1] ?? call.text.match(/^\d+/)?.[0];
  return calls;
}

function finish(call, text, line) {
  call.text = text;
  call.ended = line;
  call.result = Number(text.match(/\) += (-?\d+)[^=]*$/)?.[1]);
}

/**
 * Checks the response to each rating by its marker. The value is `undefined` if the response kept the promise, and a
 * description of the failure otherwise. A response other than 2xx promises nothing.
 */
export function checkAcknowledgements(trace, markers) {
  const calls = systemCalls(trace);
  const after = (line, test) => calls.find((call) => call.began > line && test(call));
  return new Map(markers.map((marker) => [marker, checkOne(marker)]));

  function checkOne(marker) {
    const request = after(-1, (call) => READS.has(call.name) && call.result > 0 && call.text.includes(marker));
    if (!request) return "its request is not in the trace";
    const response = after(
      request.ended,
      (call) => WRITES.has(call.name) && call.file === request.file && call.text.includes("HTTP/1.1 "),
    );
    if (!response) return "its response is not in the trace";
    const status = response.text.match(/HTTP\/1\.1 (\d)/)[1];
    if (status !== "2") return undefined;
    const write = after(
      request.ended,
      (call) => FILE_WRITES.has(call.name) && isDatabase(call.file) && call.result > 0 && call.text.includes(marker),
    );
    if (!write || write.began > response.began) return "it was acknowledged before it was written";
    const sync = after(write.ended, (call) => SYNCS.has(call.name) && call.file === write.file && call.result === 0);
    if (!sync || sync.ended > response.began) return "it was acknowledged before it was synced";
    return undefined;
  }
}

const isDatabase = (file) => /\.db(-wal)?>$/.test(file ?? "");

/** The trace without its syncs, as if the database had never been synced. */
export const withoutSyncs = (trace) =>
  trace
    .split("\n")
    .filter((line) => !/^\d+ +(<\.\.\. )?f(data)?sync\b/.test(line))
    .join("\n");
