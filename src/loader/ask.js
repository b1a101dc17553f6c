// The leg that a token names, and the decision whether to ask about it.

/** No token is valid for longer. */
const LONGEST_TOKEN_MS = 30 * 24 * 3_600_000;

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

/** A whole number that depends on the text alone, evenly distributed. */
const hash = (text) => {
  let hash = 0;
  // The suffix spreads the influence of the last letters of the text.
  for (const c of `${text}toss`) hash = (hash * 48271 + c.charCodeAt()) % 2147483647;
  return hash;
};

/** Milliseconds since a user was last asked. A clock that was set back gives no age. */
const age = () => {
  const age = Date.now() - stored("asked");
  return age >= 0 ? age : Infinity;
};

/** Remembers that the user was asked about the leg with this key. Its hash names nobody. */
export const rememberAsked = (key) => {
  stored("leg", hash(key));
  stored("asked", Date.now());
};

/** Forgets the leg that was asked about, once no token for it can be valid. */
export const forgetOldLeg = () => {
  if (stored("leg") && age() > LONGEST_TOKEN_MS) stored("leg", "");
};

/** The reason not to ask about the leg with this key, if there is one. */
export const skipReason = (element, key) => {
  const { duration } = element;
  if (stored("never")) return "opt-out";
  // A missing number is undefined, so a comparison with it is false.
  if ((element.failed && element.alwaysFailed) || duration < element.alwaysBelow || duration > element.alwaysAbove)
    return;
  if (hash(key) / 2 ** 31 >= element.sample) return "sample";
  if (stored("leg") !== `${hash(key)}` && age() < element.coolDown * 1000) return "cool-down";
};
