// The request of the form without code.

/**
 * Posts a choice in a request that needs no preflight. Resolves to `{ revision }`, the one that the server has stored, or to
 * an error `{ message, status? }`. Any server on the way may answer with any status, so only the answer of Ringback counts.
 */
export const post = async ({ endpoint, leg, token }, body, sent = 0) => {
  body.append("Token", token);
  if (sent) body.append("Revision", sent);
  const url = `${endpoint}/2010-04-01/Accounts/${leg.account}/Calls/${encodeURIComponent(leg.call)}/Feedback.json`;
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      credentials: "omit",
      keepalive: true,
      redirect: "error",
      signal: AbortSignal.timeout(20000),
    });
    const { status, headers } = response;
    const json = (await response.json().catch(() => {})) ?? {};
    const revision = headers.get("Ringback-Revision");
    if (response.ok && json.account_sid === leg.account && revision && revision >= sent) return { revision: +revision };
    return json.status === status || status >= 429
      ? { status, message: json.message ?? response.statusText }
      : { message: "the response is not Ringback’s" };
  } catch (error) {
    return error;
  }
};
