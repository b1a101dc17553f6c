// Reads what strace wrote (`strace -f -y -s … -o FILE`) and judges one promise: an answer that acknowledges a rating
// leaves only after the bytes of this rating were written to the database and then synced.
//
// Ratings are told apart by a marker in their comment, which stands as it is in the request and in the page of the
// database that holds the rating. So nothing has to be assumed about which sync belonged to which request.

const READS = new Set(['read', 'readv', 'recvfrom', 'recvmsg']);
const WRITES = new Set(['write', 'writev', 'sendto', 'sendmsg']);
const FILE_WRITES = new Set(['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2']);
const SYNCS = new Set(['fsync', 'fdatasync']);

/** The system calls of a trace in the order in which they began; `began` and `ended` are line numbers. */
export function systemCalls(trace) {
  const calls = [];
  const unfinished = new Map();
  trace.split('\n').forEach((line, number) => {
    const resumed = line.match(/^(\d+) +<\.\.\. (\w+) resumed>(.*)$/);
    if (resumed) {
      const [, thread, name, rest] = resumed;
      const call = unfinished.get(thread);
      // One that began before strace was attached has no beginning here; it says nothing that we could use.
      if (call?.name === name) finish(call, call.text + rest, number);
      unfinished.delete(thread);
      return;
    }
    const begun = line.match(/^(\d+) +(\w+)\((.*)$/);
    if (!begun) return;
    const [, thread, name, rest] = begun;
    const call = { thread, name, text: rest, began: number, ended: Infinity, result: NaN };
    calls.push(call);
    if (rest.endsWith('<unfinished ...>')) {
      call.text = rest.slice(0, -'<unfinished ...>'.length);
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
 * Judges the answer to each rating whose marker `markers` names: `undefined` when it kept the promise (an answer that is
 * no 2xx promises nothing), else what is wrong.
 */
export function judge(trace, markers) {
  const calls = systemCalls(trace);
  const after = (line, test) => calls.find(call => call.began > line && test(call));
  return new Map(markers.map(marker => [marker, judgeOne(marker)]));

  function judgeOne(marker) {
    const request = after(-1, call => READS.has(call.name) && call.result > 0 && call.text.includes(marker));
    if (!request) return 'its request is not in the trace';
    const answer = after(
      request.ended,
      call => WRITES.has(call.name) && call.file === request.file && call.text.includes('HTTP/1.1 '),
    );
    if (!answer) return 'its answer is not in the trace';
    const status = answer.text.match(/HTTP\/1\.1 (\d)/)[1];
    if (status !== '2') return undefined;
    const write = after(
      request.ended,
      call => FILE_WRITES.has(call.name) && isDatabase(call.file) && call.result > 0 && call.text.includes(marker),
    );
    if (!write || write.began > answer.began) return 'it was acknowledged before it was written';
    const sync = after(write.ended, call => SYNCS.has(call.name) && call.file === write.file && call.result === 0);
    if (!sync || sync.ended > answer.began) return 'it was acknowledged before it was synced';
    return undefined;
  }
}

const isDatabase = file => /\.db(-wal)?>$/.test(file ?? '');

/** The same trace as if the database had never been synced. */
export const withoutSyncs = trace =>
  trace
    .split('\n')
    .filter(line => !/^\d+ +(<\.\.\. )?f(data)?sync\b/.test(line))
    .join('\n');
