// The leg that a token names, and the decision whether to ask about it.

/** The leg in the form that events report, or nothing if this is no rating token. Only the server can verify a token. */
export const legOf = (token) => {
  try {
    const base64 = token.split(".")[1].replace(/[-_]/g, (c) => (c < "_" ? "+" : "/"));
    const { sub: account, call, party } = JSON.parse(decodeURIComponent(escape(atob(base64))));
    return account && call && { account, call, party };
  } catch {}
};

/**
 * Reads an entry of the origin's localStorage, after writing it if there is a value. The entries say when this user was last
 * asked, about which leg, and whether they opted out. A browser may refuse to store anything.
 */
export const stored = (name, value) => {
  const key = `ringback-${name}`;
  try {
    if (value != null) localStorage[key] = value;
    return localStorage[key];
  } catch {}
};

/** A number from 0 to 1 that depends on the text alone, evenly distributed. */
const fractionOf = (text) => {
  let hash = 0;
  // The suffix spreads the influence of the last letters of the text.
  for (const c of `${text}toss`) hash = (hash * 48271 + c.charCodeAt()) % 2147483647;
  return hash / 2 ** 31;
};

/** The reason not to ask about the leg with this key, if there is one. */
export const skipReason = (element, key) => {
  const { duration } = element;
  if (stored("never")) return "opt-out";
  // A missing number is undefined, so a comparison with it is false.
  if ((element.failed && element.alwaysFailed) || duration < element.alwaysBelow || duration > element.alwaysAbove)
    return;
  if (fractionOf(key) >= element.sample) return "sample";
  if (stored("leg") !== key && Date.now() - stored("asked") < element.coolDown * 1000) return "cool-down";
};
