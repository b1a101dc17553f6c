import { once } from "node:events";
import { createServer, request } from "node:http";
import { buffer } from "node:stream/consumers";

// A script of its own, because some pages forbid inline scripts. The page of a test may be loaded again, so only what
// happened since then is recorded.
const RECORDER = `
  globalThis.recorded = [];
  globalThis.complaints = [];
  for (const name of ["ready", "asked", "change", "submitted", "queued", "dismissed", "skipped", "token-needed", "error"])
    document.addEventListener("ringback-" + name, ({ detail }) =>
      recorded.push({ name, detail: JSON.parse(JSON.stringify(detail)) }));
  document.addEventListener("securitypolicyviolation", (event) =>
    complaints.push(event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile + ":" + event.lineNumber));
  addEventListener("error", ({ message }) => complaints.push(message));
  addEventListener("unhandledrejection", ({ reason }) => complaints.push("unhandled: " + reason));
`;

/** Two servers on origins of their own: the host's, which has the pages, and a proxy in front of Ringback. */
export class Site {
  /** The host's pages by path: `{ html, policy }`. */
  pages = {};
  /**
   * Handles a request in place of Ringback and returns true, or leaves it to Ringback; see `faults.js`.
   * `incoming.path` has no query.
   */
  fault = () => false;
  /** How often the browser tried to post a rating, or asked whether it may. */
  attempts = 0;
  #servers = [];

  static async start(server) {
    const site = new Site();
    site.origin = await site.#listen((incoming, response) => site.#page(incoming, response));
    site.endpoint = await site.#listen(async (incoming, response) => {
      const body = await buffer(incoming);
      incoming.path = incoming.url.replace(/\?.*/, "");
      if (incoming.path.endsWith("/Feedback.json")) site.attempts += 1;
      if (await site.fault(incoming, response, server)) return;
      forward(server.endpoint, incoming, body, response);
    });
    return site;
  }

  stop() {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #listen(handle) {
    const server = createServer(handle).listen(0, "127.0.0.1");
    this.#servers.push(server);
    await once(server, "listening");
    return `http://127.0.0.1:${server.address().port}`;
  }

  #page({ url }, response) {
    if (url === "/recorder.js") return response.writeHead(200, { "Content-Type": "text/javascript" }).end(RECORDER);
    const { html, policy } = this.pages[url] ?? {};
    if (!html) return response.writeHead(404).end();
    const headers = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
    if (policy) headers["Content-Security-Policy"] = policy;
    response.writeHead(200, headers).end(html);
  }
}

async function forward(endpoint, incoming, body, response) {
  const { method, url, headers } = incoming;
  const forwarded = request(endpoint + url, { method, headers: { ...headers, connection: "close" } });
  // The browser may have gone, and the server may have stopped.
  forwarded.on("error", () => response.destroy());
  forwarded.end(body);
  forwarded.on("response", (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
}
