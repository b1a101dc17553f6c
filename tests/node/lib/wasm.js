/** Returns a WebAssembly module in which every exported function whose name matches traps. */
export function withTraps(bytes, matches) {
  let offset = 8;
  const readNumber = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[offset++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const leb128 = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)]);
  const readText = () => {
    const length = readNumber();
    offset += length;
    return Buffer.from(bytes.subarray(offset - length, offset)).toString();
  };
  const skipLimits = () => {
    const flags = bytes[offset++];
    readNumber();
    if (flags & 1) readNumber();
  };
  let imported = 0;
  const trapped = new Set();
  const result = [bytes.subarray(0, 8)];
  while (offset < bytes.length) {
    const start = offset;
    const id = bytes[offset++];
    const size = readNumber();
    const end = offset + size;
    if (id === 2) {
      for (let count = readNumber(); count > 0; count--) {
        readText();
        readText();
        const kind = bytes[offset++];
        if (kind === 0) imported += 1;
        if (kind === 0 || kind === 4) readNumber();
        if (kind === 1) offset += 1;
        if (kind === 1 || kind === 2) skipLimits();
        if (kind === 3) offset += 2;
      }
    }
    if (id === 7) {
      for (let count = readNumber(); count > 0; count--) {
        const name = readText();
        const kind = bytes[offset++];
        const index = readNumber();
        if (kind === 0 && matches(name)) trapped.add(index - imported);
      }
    }
    if (id === 10) {
      const bodies = [];
      const count = readNumber();
      for (let index = 0; index < count; index++) {
        const length = readNumber();
        // A body of three bytes: no locals, `unreachable`, `end`.
        bodies.push(
          trapped.has(index) ? [3, 0, 0, 11] : [...leb128(length), ...bytes.subarray(offset, offset + length)],
        );
        offset += length;
      }
      const body = [...leb128(count), ...bodies.flat(1)];
      result.push(Uint8Array.from([id, ...leb128(body.length), ...body]));
    } else {
      result.push(bytes.subarray(start, end));
    }
    offset = end;
  }
  if (trapped.size === 0) throw new Error("no export matches");
  return Buffer.concat(result);
}
