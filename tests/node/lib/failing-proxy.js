import { once } from "node:events";
import { createServer, request } from "node:http";
import { buffer } from "node:stream/consumers";

/**
 * What can happen to a rating on its way:
 *
 * - `lost`: the connection breaks before the rating reaches the server
 * - `unanswered`: the server stores the rating, and the connection breaks before the response arrives
 * - `500`, `429`: the proxy responds with this status
 */
export const FAULTS = ["none", "lost", "unanswered", "500", "429"];

/** A proxy between a browser and a server that fails on purpose. It is an origin of its own and serves `pages`. */
export class FailingProxy {
  /** What happens to POST requests, one of `FAULTS`. */
  fault = "none";
  /** Called after the server's response to each rating, before the browser gets it. */
  onRated = async () => {};
  #server;

  static async start(endpoint, pages) {
    const proxy = new FailingProxy();
    proxy.#server = createServer((incoming, response) => {
      const page = pages[incoming.url];
      if (page) return response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page);
      proxy.#forward(endpoint, incoming, response).catch(() => response.destroy());
    });
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    proxy.endpoint = `http://127.0.0.1:${proxy.#server.address().port}`;
    return proxy;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #forward(endpoint, incoming, response) {
    const fault = incoming.method === "POST" ? this.fault : "none";
    const body = await buffer(incoming);
    if (fault === "lost") return response.destroy();
    if (fault === "500") return response.writeHead(500).end();
    if (fault === "429") return response.writeHead(429, { "Retry-After": "1" }).end();
    const { method, headers } = incoming;
    const forwarded = request(endpoint + incoming.url, { method, headers: { ...headers, connection: "close" } });
    forwarded.end(body);
    const [answer] = await once(forwarded, "response");
    const content = await buffer(answer);
    if (incoming.url.endsWith("/Feedback.json") && method === "POST") await this.onRated();
    if (fault === "unanswered") return response.destroy();
    response.writeHead(answer.statusCode, answer.headers).end(content);
  }
}
