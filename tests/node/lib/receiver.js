import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { text } from "node:stream/consumers";

/**
 * A customer's server that receives callbacks. It records every request as `{ method, url, headers, body }`, and responds
 * with 204, or not at all while it is `silent`.
 */
export class Receiver {
  requests = [];
  silent = false;
  #server;

  /** Starts a receiver; with `tls`, `{ key, cert }`, it speaks HTTPS. `host` is the name in its URL. */
  static async start({ tls, host = "127.0.0.1" } = {}) {
    const receiver = new Receiver();
    // Drops requests that break off.
    const receive = (request, response) => receiver.#receive(request, response).catch(() => response.destroy());
    receiver.#server = tls ? createSecureServer(tls, receive) : createServer(receive);
    receiver.#server.listen(0, "127.0.0.1");
    await once(receiver.#server, "listening");
    receiver.origin = `${tls ? "https" : "http"}://${host}:${receiver.#server.address().port}`;
    return receiver;
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #receive(request, response) {
    const body = await text(request);
    this.requests.push({ method: request.method, url: this.origin + request.url, headers: request.headers, body });
    if (!this.silent) response.writeHead(204).end();
  }
}
