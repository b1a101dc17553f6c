import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/**
 * What a rating can meet on its way:
 *
 * - `lost`: the connection breaks before the server has it
 * - `unanswered`: the server has stored it, and the connection breaks before the answer is through
 */
export const FAULTS = ['none', 'lost', 'unanswered', '500', '429'];

/** Between a browser and a server: an origin of its own, with `pages` of its own, that fails on purpose. */
export class FailingProxy {
  /** What happens to what is posted, one of `FAULTS`. */
  fault = 'none';
  /** Called after each rating that the server has answered, before the browser hears of it. */
  onRated = async () => {};
  #server;

  static async start(endpoint, pages) {
    const proxy = new FailingProxy();
    proxy.#server = createServer((incoming, response) => {
      const page = pages[incoming.url];
      if (page) return response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
      proxy.#pass(endpoint, incoming, response).catch(() => response.destroy());
    });
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    proxy.endpoint = `http://127.0.0.1:${proxy.#server.address().port}`;
    return proxy;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(endpoint, incoming, response) {
    const fault = incoming.method === 'POST' ? this.fault : 'none';
    const body = await buffer(incoming);
    if (fault === 'lost') return response.destroy();
    if (fault === '500') return response.writeHead(500).end();
    if (fault === '429') return response.writeHead(429, { 'Retry-After': '1' }).end();
    const { method, headers } = incoming;
    const passed = request(endpoint + incoming.url, { method, headers: { ...headers, connection: 'close' } });
    passed.end(body);
    const [answer] = await once(passed, 'response');
    const content = await buffer(answer);
    if (incoming.url.endsWith('/Feedback.json') && method === 'POST') await this.onRated();
    if (fault === 'unanswered') return response.destroy();
    response.writeHead(answer.statusCode, answer.headers).end(content);
  }
}
