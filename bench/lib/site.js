// A softphone's website: its pages, the peers' scripts and Ringback on one origin. All of them are served alike:
// HTTP/1.1 on loopback, compressed in advance with brotli 11.
import { once } from "node:events";
import { createServer, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

/** Compresses with brotli at its highest quality, 11. */
export const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });

export class Site {
  /** The responses since this array was last emptied, as `{ method, path, body }` with the decoded body. */
  responses = [];
  /** Number of pending requests. */
  open = 0;
  #files = new Map();
  #sinks = new Map();
  #server;

  /** Starts the site. It forwards requests for paths that it does not have to the server at `ringback`. */
  static async start(ringback) {
    const site = new Site();
    site.#server = createServer((incoming, outgoing) => {
      site.open++;
      outgoing.once("close", () => site.open--);
      site.#respond(incoming, outgoing, ringback).catch(() => outgoing.destroy());
    });
    site.#server.listen(0, "127.0.0.1");
    await once(site.#server, "listening");
    site.origin = `http://127.0.0.1:${site.#server.address().port}`;
    return site;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Serves the content at this path, always compressed with brotli. */
  add(path, type, content) {
    this.#files.set(path, { type, body: brotli(Buffer.from(content)) });
  }

  /** Responds to paths with this prefix with `reply(path)` as JSON, in place of another product's server. */
  addSink(prefix, reply) {
    this.#sinks.set(prefix, reply);
  }

  async #respond(incoming, outgoing, ringback) {
    const { method, headers, url } = incoming;
    const path = new URL(url, this.origin).pathname;
    const requestBody = await buffer(incoming);
    const response = this.#own(path) ?? (await forward(ringback + url, { method, headers }, requestBody));
    outgoing.writeHead(response.status, response.headers).end(response.body);
    const isBrotli = response.headers["content-encoding"] === "br";
    this.responses.push({ method, path, body: isBrotli ? brotliDecompressSync(response.body) : response.body });
  }

  #own(path) {
    const file = this.#files.get(path);
    if (file) {
      const headers = { "content-type": file.type, "content-encoding": "br", "cache-control": "no-cache" };
      return { status: 200, headers, body: file.body };
    }
    for (const [prefix, reply] of this.#sinks) {
      if (!path.startsWith(prefix)) continue;
      return {
        status: 200,
        headers: { "content-type": "application/json" },
        body: Buffer.from(JSON.stringify(reply(path))),
      };
    }
    return undefined;
  }
}

async function forward(address, options, body) {
  const forwarded = request(address, options);
  forwarded.end(body);
  const [response] = await once(forwarded, "response");
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}
