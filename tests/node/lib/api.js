import assert from 'node:assert/strict';

/** An account of a server, spoken to as a customer's backend would: over HTTP with the AuthToken. */
export class Account {
  constructor(endpoint, sid, authToken) {
    this.endpoint = endpoint;
    this.sid = sid;
    this.authToken = authToken;
  }

  /** The same account on a server that was started again, on another port. */
  at(endpoint) {
    return new Account(endpoint, this.sid, this.authToken);
  }

  /** Reports calls that took place; `calls` are lines of `POST /v1/accounts/{AC}/calls`. */
  async report(calls) {
    const { status, text } = await this.#request('POST', `/v1/accounts/${this.sid}/calls`, {
      type: 'application/x-ndjson',
      body: calls.map(call => JSON.stringify(call)).join('\n'),
    });
    assert.ok(status >= 200 && status < 300 && !text.includes('"error"'), `reporting calls: ${status} ${text}`);
  }

  /** A token that a browser may rate this one call with. */
  async ratingToken(request) {
    const { status, text } = await this.#request('POST', `/v1/accounts/${this.sid}/rating-tokens`, {
      type: 'application/json',
      body: JSON.stringify(request),
    });
    assert.ok(status >= 200 && status < 300, `minting a token: ${status} ${text}`);
    return JSON.parse(text).token;
  }

  /** Rates a call; a second time replaces the first. */
  rate(call, { score, issues = [], comment }) {
    const form = new URLSearchParams({ QualityScore: score });
    for (const issue of issues) form.append('Issue', issue);
    if (comment !== undefined) form.set('Comment', comment);
    return this.#request('POST', this.#feedback(call), { type: 'application/x-www-form-urlencoded', body: `${form}` });
  }

  /** The rating of a call as `{ score, issues }`, or `undefined` when it has none. */
  async rating(call) {
    const { status, text } = await this.#request('GET', this.#feedback(call));
    if (status === 404) return undefined;
    assert.equal(status, 200, text);
    const { quality_score: score, issues } = JSON.parse(text);
    return { score, issues };
  }

  /** The first calls that pass the filters of `GET /v1/accounts/{AC}/feedback`. */
  async find(filters) {
    const { status, text } = await this.#request('GET', `/v1/accounts/${this.sid}/feedback?${new URLSearchParams(filters)}`);
    assert.equal(status, 200, text);
    return JSON.parse(text).calls;
  }

  /** Has the calls of some UTC days counted, with further parameters; the summary as it is at first. */
  async summarise(startDate, endDate, parameters = {}) {
    const form = new URLSearchParams({ StartDate: startDate, EndDate: endDate, ...parameters });
    const { status, text } = await this.#request('POST', `${this.#summaries()}.json`, {
      type: 'application/x-www-form-urlencoded',
      body: `${form}`,
    });
    assert.equal(status, 201, text);
    return JSON.parse(text);
  }

  /** A summary as it is now. */
  async summary(sid) {
    const { status, text } = await this.#request('GET', `${this.#summaries()}/${sid}.json`);
    assert.equal(status, 200, text);
    return JSON.parse(text);
  }

  /** The text of a summary as the path's end says, such as `FS….xml`. */
  async summaryText(end) {
    const { status, text } = await this.#request('GET', `${this.#summaries()}/${end}`);
    assert.equal(status, 200, text);
    return text;
  }

  /** The newest summaries, as `GET /v1/accounts/{AC}/summaries` lists them. */
  async summaries() {
    const { status, text } = await this.#request('GET', `/v1/accounts/${this.sid}/summaries?limit=200`);
    assert.equal(status, 200, text);
    return JSON.parse(text).summaries;
  }

  /** The newest callbacks, as `GET /v1/accounts/{AC}/callbacks` lists them. */
  async callbacks() {
    const { status, text } = await this.#request('GET', `/v1/accounts/${this.sid}/callbacks?limit=200`);
    assert.equal(status, 200, text);
    return JSON.parse(text).callbacks;
  }

  #summaries() {
    return `/2010-04-01/Accounts/${this.sid}/Calls/FeedbackSummary`;
  }

  #feedback(call) {
    return `/2010-04-01/Accounts/${this.sid}/Calls/${encodeURIComponent(call)}/Feedback.json`;
  }

  async #request(method, path, { type, body } = {}) {
    const credentials = Buffer.from(`${this.sid}:${this.authToken}`).toString('base64');
    const headers = { Authorization: `Basic ${credentials}`, ...(type && { 'Content-Type': type }) };
    const response = await fetch(this.endpoint + path, { method, headers, body });
    return { status: response.status, text: await response.text() };
  }
}

/** A made-up CallSid; each number has its own. */
export const callSid = number => `CA${number.toString(16).padStart(32, '0')}`;
