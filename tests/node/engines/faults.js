// What may happen between the browser and Ringback. Each of these is a `Site.fault`.
import { withTraps } from "../lib/wasm.js";

// Every page may read these responses, as it may where the proxy has the page's own origin.
const READABLE = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "*",
  "Access-Control-Expose-Headers": "*",
};

const isFile = ({ path }) => path.startsWith("/embed/");

/** The files of the widget arrive, but nothing reaches Ringback. */
export const offline = (incoming, response) => {
  if (isFile(incoming)) return false;
  response.destroy();
  return true;
};

/** A captive portal answers every request with its own page. */
export const captivePortal = (incoming, response) => {
  if (isFile(incoming)) return false;
  response.writeHead(200, { "Content-Type": "text/html", ...READABLE }).end("<h1>Welcome to our café</h1>");
  return true;
};

/** A proxy redirects every request but preflights to the page on which users sign in to it. */
export const signIn = (incoming, response) => {
  if (isFile(incoming) || incoming.method === "OPTIONS") return false;
  if (incoming.path === "/sign-in") response.writeHead(200, { "Content-Type": "text/html", ...READABLE }).end("<form>");
  else response.writeHead(302, { Location: "/sign-in", ...READABLE }).end();
  return true;
};

/** Ringback refuses every rating for good. */
export const refusal = (incoming, response) => {
  if (!incoming.path.endsWith("/Feedback.json") || incoming.method === "OPTIONS") return false;
  const body = { code: 20403, message: "a test", more_info: "", status: 403 };
  response.writeHead(403, { "Content-Type": "application/json", ...READABLE }).end(JSON.stringify(body));
  return true;
};

/** The WebAssembly is not there. */
export const noWasm = (incoming, response) => {
  if (!incoming.path.endsWith(".wasm")) return false;
  response.writeHead(404, READABLE).end();
  return true;
};

/** The functions of the WebAssembly that handle the user's events trap. */
export const trap = async (incoming, response, { endpoint }) => {
  if (!incoming.path.endsWith(".wasm")) return false;
  const fetched = async (file) => fetch(`${endpoint}/embed/${file}`);
  const glue = (await (await fetched("ringback.js")).text()).match(/ringback-\w+\.js/)[0];
  const calls = /function \w+\((?<all>\w+(,\w+)+)\)\{\w+\.(?<name>\w+)\(\k<all>\)\}/g;
  const names = new Set([...(await (await fetched(glue)).text()).matchAll(calls)].map(({ groups }) => groups.name));
  const original = await fetch(endpoint + incoming.path);
  const bytes = withTraps(Buffer.from(await original.arrayBuffer()), (name) => names.has(name));
  response.writeHead(200, { "Content-Type": "application/wasm", ...READABLE }).end(bytes);
  return true;
};
