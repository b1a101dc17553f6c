import assert from "node:assert/strict";

/** An account, or an API key, that sends requests as a customer's backend does: over HTTP with Basic credentials. */
export class Account {
  constructor(endpoint, sid, authToken) {
    this.endpoint = endpoint;
    this.sid = sid;
    this.authToken = authToken;
  }

  /** The same account on a restarted server, which has another port. */
  at(endpoint) {
    return new Account(endpoint, this.sid, this.authToken);
  }

  /** Reports calls; `calls` are lines of `POST /v1/accounts/{AC}/calls`. */
  async report(calls) {
    const { status, text } = await this.request("POST", `/v1/accounts/${this.sid}/calls`, {
      type: "application/x-ndjson",
      body: calls.map((call) => JSON.stringify(call)).join("\n"),
    });
    assert.ok(status >= 200 && status < 300 && !text.includes('"error"'), `reporting calls: ${status} ${text}`);
  }

  /** Mints a token with which a browser may rate one call. */
  async ratingToken(request) {
    const path = `/v1/accounts/${this.sid}/rating-tokens`;
    const { status, text } = await this.request("POST", path, { json: request });
    assert.ok(status >= 200 && status < 300, `minting a token: ${status} ${text}`);
    return JSON.parse(text).token;
  }

  /** Rates a call, or replaces its rating. */
  rate(call, { score, issues = [], comment }) {
    const form = new URLSearchParams({ QualityScore: score });
    for (const issue of issues) form.append("Issue", issue);
    if (comment !== undefined) form.set("Comment", comment);
    return this.request("POST", this.#feedback(call), { type: "application/x-www-form-urlencoded", body: `${form}` });
  }

  /** The rating of a call as `{ score, issues }`, or `undefined` if it has none. */
  async rating(call) {
    const { status, text } = await this.request("GET", this.#feedback(call));
    if (status === 404) return undefined;
    assert.equal(status, 200, text);
    const { quality_score: score, issues } = JSON.parse(text);
    return { score, issues };
  }

  /** The first page of calls that match the filters of `GET /v1/accounts/{AC}/feedback`. */
  async find(filters) {
    const { status, text } = await this.request(
      "GET",
      `/v1/accounts/${this.sid}/feedback?${new URLSearchParams(filters)}`,
    );
    assert.equal(status, 200, text);
    return JSON.parse(text).calls;
  }

  /** Requests a summary of some UTC days, and returns it as queued. */
  async summarise(startDate, endDate, parameters = {}) {
    const form = new URLSearchParams({ StartDate: startDate, EndDate: endDate, ...parameters });
    const { status, text } = await this.request("POST", `${this.#summaries()}.json`, {
      type: "application/x-www-form-urlencoded",
      body: `${form}`,
    });
    assert.equal(status, 201, text);
    return JSON.parse(text);
  }

  /** Reads a summary. */
  async summary(sid) {
    const { status, text } = await this.request("GET", `${this.#summaries()}/${sid}.json`);
    assert.equal(status, 200, text);
    return JSON.parse(text);
  }

  /** The text of a summary in one format; `file` is the last part of its path, such as `FS….xml`. */
  async summaryText(file) {
    const { status, text } = await this.request("GET", `${this.#summaries()}/${file}`);
    assert.equal(status, 200, text);
    return text;
  }

  /** The newest summaries, as `GET /v1/accounts/{AC}/summaries` lists them. */
  async summaries() {
    const { status, text } = await this.request("GET", `/v1/accounts/${this.sid}/summaries?limit=200`);
    assert.equal(status, 200, text);
    return JSON.parse(text).summaries;
  }

  /** The newest callbacks, as `GET /v1/accounts/{AC}/callbacks` lists them. */
  async callbacks() {
    const { status, text } = await this.request("GET", `/v1/accounts/${this.sid}/callbacks?limit=200`);
    assert.equal(status, 200, text);
    return JSON.parse(text).callbacks;
  }

  #summaries() {
    return `/2010-04-01/Accounts/${this.sid}/Calls/FeedbackSummary`;
  }

  #feedback(call) {
    return `/2010-04-01/Accounts/${this.sid}/Calls/${encodeURIComponent(call)}/Feedback.json`;
  }

  /** Sends a request, with `json` or with a `body` of this content type; returns the status and the text. */
  async request(method, path, { json, type = json && "application/json", body = json && JSON.stringify(json) } = {}) {
    const credentials = Buffer.from(`${this.sid}:${this.authToken}`).toString("base64");
    const headers = { Authorization: `Basic ${credentials}`, ...(type && { "Content-Type": type }) };
    const response = await fetch(this.endpoint + path, { method, headers, body });
    return { status: response.status, text: await response.text() };
  }
}

/** A made-up CallSid for each number. */
export const callSid = (number) => `CA${number.toString(16).padStart(32, "0")}`;
