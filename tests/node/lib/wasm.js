// A WebAssembly module, changed in the one way that a test needs.

/** The module with the bodies of the exported functions whose names match replaced by a trap. */
export function withTraps(bytes, matches) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const encoded = value => (value < 128 ? [value] : [(value & 127) | 128, ...encoded(value >>> 7)]);
  const text = () => {
    const length = number();
    return Buffer.from(bytes.subarray(at, (at += length))).toString();
  };
  const limits = () => {
    const flags = bytes[at++];
    number();
    if (flags & 1) number();
  };
  let imported = 0;
  const trapped = new Set();
  const result = [bytes.subarray(0, 8)];
  while (at < bytes.length) {
    const start = at;
    const id = bytes[at++];
    const size = number();
    const end = at + size;
    if (id === 2) {
      for (let count = number(); count > 0; count--) {
        text();
        text();
        const kind = bytes[at++];
        if (kind === 0) imported += 1;
        if (kind === 0 || kind === 4) number();
        if (kind === 1) at += 1;
        if (kind === 1 || kind === 2) limits();
        if (kind === 3) at += 2;
      }
    }
    if (id === 7) {
      for (let count = number(); count > 0; count--) {
        const name = text();
        const kind = bytes[at++];
        const index = number();
        if (kind === 0 && matches(name)) trapped.add(index - imported);
      }
    }
    if (id === 10) {
      const bodies = [];
      const count = number();
      for (let index = 0; index < count; index++) {
        const length = number();
        // No locals, `unreachable`, `end`.
        bodies.push(trapped.has(index) ? [3, 0, 0, 11] : [...encoded(length), ...bytes.subarray(at, at + length)]);
        at += length;
      }
      const body = [...encoded(count), ...bodies.flat(1)];
      result.push(Uint8Array.from([id, ...encoded(body.length), ...body]));
    } else {
      result.push(bytes.subarray(start, end));
    }
    at = end;
  }
  if (trapped.size === 0) throw new Error('no export matches');
  return Buffer.concat(result);
}
