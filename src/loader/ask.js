// Which leg a token is for, and whether to ask about it.

/** The leg, as events tell of it; nothing if it is no rating token. Only the server can check more. */
export const legOf = (token) => {
  try {
    const base64 = token.split(".")[1].replace(/[-_]/g, (c) => (c < "_" ? "+" : "/"));
    const { sub: account, call, party } = JSON.parse(decodeURIComponent(escape(atob(base64))));
    return account && call && { account, call, party };
  } catch {}
};

/**
 * The origin's localStorage has when this person was last asked, about which leg, and whether never again. A browser may
 * keep nothing.
 */
export const remember = (name, value) => {
  const key = `ringback-${name}`;
  try {
    return value == null ? localStorage[key] : (localStorage[key] = value);
  } catch {}
};

/** The same for the same text, spread evenly from 0 to 1. */
const toss = (text) => {
  let hash = 0;
  // The end is for the last letters of the text to count as much as the first.
  for (const c of text + "toss") hash = (hash * 48271 + c.charCodeAt()) % 2147483647;
  return hash / 2 ** 31;
};

/** Why the person is not asked about the leg with this key, if so. */
export const skips = (element, key) => {
  const { duration } = element;
  if (remember("never")) return "opt-out";
  // What is not set is undefined, and every comparison with that is false.
  if ((element.failed && element.alwaysFailed) || duration < element.alwaysBelow || duration > element.alwaysAbove) return;
  if (toss(key) >= element.sample) return "sample";
  if (remember("leg") !== key && Date.now() - remember("asked") < element.coolDown * 1000) return "cool-down";
};
