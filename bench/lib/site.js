// A softphone's website: its pages, the peers' scripts, and Ringback under the same origin, so that all are served alike:
// HTTP/1.1 on loopback, brotli 11 made beforehand.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** As small as it gets. */
export const brotli = bytes =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });

export class Site {
  /** What was answered since it was last emptied, as `{ method, path, body }` with the body as it would be without encoding. */
  answered = [];
  /** How many requests are under way. */
  open = 0;
  #files = new Map();
  #sinks = new Map();
  #server;

  /** `ringback` is the address of the server that answers what this one does not. */
  static async start(ringback) {
    const site = new Site();
    site.#server = createServer((incoming, outgoing) => {
      site.open++;
      outgoing.once('close', () => site.open--);
      site.#answer(incoming, outgoing, ringback).catch(() => outgoing.destroy());
    });
    site.#server.listen(0, '127.0.0.1');
    await once(site.#server, 'listening');
    site.origin = `http://127.0.0.1:${site.#server.address().port}`;
    return site;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Serves these bytes under this path, to browsers that take brotli. */
  add(path, type, content) {
    this.#files.set(path, { type, body: brotli(Buffer.from(content)) });
  }

  /** Answers paths that begin so with `reply(path)`, as JSON: what another product's server would say. */
  addSink(prefix, reply) {
    this.#sinks.set(prefix, reply);
  }

  async #answer(incoming, outgoing, ringback) {
    const { method, headers, url } = incoming;
    const path = new URL(url, this.origin).pathname;
    const sent = await buffer(incoming);
    const answer = this.#own(path) ?? (await pass(ringback + url, { method, headers }, sent));
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    const isBrotli = answer.headers['content-encoding'] === 'br';
    this.answered.push({ method, path, body: isBrotli ? brotliDecompressSync(answer.body) : answer.body });
  }

  #own(path) {
    const file = this.#files.get(path);
    if (file) {
      const headers = { 'content-type': file.type, 'content-encoding': 'br', 'cache-control': 'no-cache' };
      return { status: 200, headers, body: file.body };
    }
    for (const [prefix, reply] of this.#sinks) {
      if (!path.startsWith(prefix)) continue;
      return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(reply(path))) };
    }
    return undefined;
  }
}

async function pass(address, options, sent) {
  const passed = request(address, options);
  passed.end(sent);
  const [answer] = await once(passed, 'response');
  return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
}
