// Host pages with libraries that change what the browser offers. In each, a call is rated with the mouse, and found at the
// server; the page logs no error.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { build } from "esbuild";

import { widget } from "../lib/pages.js";
import { server, setUp } from "../lib/setup.js";
import { here, newCall, open, rate, serve, tag } from "./lib.js";

setUp();

const installed = (path) => readFile(here(`node_modules/${path}`), "utf8");
const script = (source) => `<script>${source.replaceAll("</script", "<\\/script")}</script>`;
const loader = () => `<script type="module" src="${server.endpoint}/embed/ringback.js"></script>`;
const html = (head, body) => `<!doctype html><html lang="en"><title>Phone</title>${head}${loader()}<body>${body}`;

/** Bundles the program of a host page, which may import the packages of this folder. */
const program = async (contents) => {
  const stdin = { contents, resolveDir: here(".") };
  const { outputFiles } = await build({ stdin, bundle: true, format: "iife", write: false, logLevel: "error" });
  return outputFiles[0].text;
};

/**
 * `head` returns the host's own scripts and styles, which run first. `changed` is evaluated in the page and is true if the
 * library has changed it, so that the test notices if it is not there.
 */
const HOSTS = {
  "zone.js": {
    head: async () => script(await installed("zone.js/bundles/zone.umd.js")),
    changed: () => typeof Zone === "function" && Promise.toString().includes("ZoneAware"),
  },
  "core-js": {
    // Replaces what the browser has by core-js's own, as old configurations of Babel do.
    head: async () =>
      script(
        `globalThis.native = { Promise, WeakMap };
         for (const name of ["URLSearchParams", "queueMicrotask", "structuredClone"]) delete globalThis[name];
         delete globalThis.Promise; delete Array.prototype.at; delete Object.fromEntries; delete globalThis.WeakMap;
         ${await installed("core-js-bundle/index.js")}`,
      ),
    changed: () => Promise !== globalThis.native.Promise && WeakMap !== globalThis.native.WeakMap,
  },
  "Prototype.js": {
    // Its npm package has the part about the language. The page does to elements what the part for browsers does.
    head: async () =>
      script(
        `${await program('import * as Prototype from "prototype"; globalThis.Prototype = Prototype;')}
         for (const type of [Array, String, Number, Date, Object])
           type === Object || (type.prototype.toJSON = function () { return type === Array ? "[" + this + "]" : String(this) });
         Array.from = (list) => Array.prototype.slice.call(list);
         for (const name of ["show", "hide", "update", "remove", "select", "toggle", "open", "close", "reset", "visible",
           "clone", "empty", "store", "fire", "observe"])
           HTMLElement.prototype[name] = function () { return this };
         HTMLFormElement.prototype.reset = HTMLFormElement.prototype.getElements = function () { return this };
         document.getElementsByClassName = (name) => Array.from(document.querySelectorAll("." + name));`,
      ),
    changed: () => typeof [].each === "function" && typeof document.body.fire === "function",
  },
  "frozen intrinsics": {
    head: async () =>
      script(
        `"use strict"; ${await program('import "ses";')} lockdown({ overrideTaming: "severe", errorTaming: "unsafe" });`,
      ),
    changed: () => Object.isFrozen(Array.prototype) && Object.isFrozen(Promise),
    // It names what a new browser has and it does not know.
    own: /^Removing intrinsics/,
  },
  "an APM that wraps fetch": {
    head: async () =>
      script(`
        class TracedPromise extends Promise {}
        const real = globalThis.fetch;
        globalThis.traced = 0;
        globalThis.fetch = function (input, options = {}) {
          const headers = new Headers(options.headers ?? (input instanceof Request ? input.headers : {}));
          headers.set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
          headers.set("baggage", "sentry-environment=production");
          headers.set("sentry-trace", "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1");
          headers.set("sw8", "1-MWY4-Mjc3-0-cGhvbmU=-djE=-L3Bob25l-cGhvbmU=");
          headers.set("x-datadog-trace-id", "1234567890");
          headers.set("x-datadog-sampling-priority", "1");
          globalThis.traced++;
          return TracedPromise.resolve(real.call(this, input, { ...options, headers })).then((response) => {
            response.clone().text().catch(() => {});
            return response;
          });
        };`),
    changed: () => globalThis.traced > 0,
  },
  "an XMLHttpRequest polyfill of fetch": {
    head: async () =>
      script(`
        globalThis.fetched = 0;
        globalThis.fetch = (input, { method = "GET", headers, body } = {}) => new Promise((resolve, reject) => {
          globalThis.fetched++;
          const request = new XMLHttpRequest();
          request.open(method, String(input.url ?? input));
          request.responseType = "arraybuffer";
          new Headers(headers ?? input.headers).forEach((value, name) => request.setRequestHeader(name, value));
          request.onload = () => {
            const lines = request.getAllResponseHeaders().trim().split("\\r\\n").map((line) => line.split(": "));
            resolve(new Response(request.status === 204 ? null : request.response, { status: request.status, headers: lines }));
          };
          request.onerror = () => reject(new TypeError("Failed to fetch"));
          if (input instanceof Request) input.clone().text().then((text) => request.send(text || null));
          else request.send(body ?? null);
        });`),
    changed: () => globalThis.fetched > 0,
  },
  "jQuery and a CSS reset": {
    head: async () =>
      `<style>${await installed("reset-css/reset.css")} * { box-sizing: content-box } input, label { display: none }</style>` +
      script(`${await installed("jquery/dist/jquery.js")}
        $.ajaxSetup({ cache: false });
        $(document).on("click keydown keyup submit change input", () => {});
        $(() => $("body").append($("<p>").text("Ready")));`),
    changed: () => typeof jQuery === "function" && document.body.textContent.includes("Ready"),
  },
};

for (const [name, { head, changed, own }] of Object.entries(HOSTS)) {
  test(`${name}: a call is rated`, async (t) => {
    const call = await newCall();
    const page = await open(t, await serve(t, { "/": html(await head(), tag(call, "dismissible opt-out")) }));
    await rate(page, call, { own });
    assert.ok(await page.evaluate(changed), `${name} has not changed the page`);
  });
}

test("a whole page in a form, as ASP.NET makes it: a call is rated, and the form not sent", async (t) => {
  const call = await newCall();
  const body = `<form method="post" action="/posted" id="aspnetForm" onsubmit="globalThis.posted = true">
    <input type="hidden" name="__VIEWSTATE" value="x">${tag(call)}<button>Call again</button></form>`;
  const page = await open(t, await serve(t, { "/": html("", body) }));
  await rate(page, call);
  assert.equal(new URL(page.url()).pathname, "/");
  assert.equal(await page.evaluate(() => globalThis.posted), undefined);
  assert.deepEqual(await page.evaluate(() => [...new FormData(document.forms[0]).keys()]), ["__VIEWSTATE"]);
});

test("a service worker that answers with an offline page: the rating stays queued, and arrives later", async (t) => {
  const worker = `
    let offline = true;
    addEventListener("install", () => skipWaiting());
    addEventListener("activate", (event) => event.waitUntil(clients.claim()));
    addEventListener("message", (event) => { offline = false; event.ports[0].postMessage("online"); });
    addEventListener("fetch", (event) => {
      if (offline && event.request.method === "POST")
        event.respondWith(new Response("<h1>You are offline</h1>", { headers: { "Content-Type": "text/html" } }));
    });`;
  const register = script(`globalThis.controlled = new Promise((resolve) => {
    navigator.serviceWorker.oncontrollerchange = resolve;
    navigator.serviceWorker.register("/worker.js");
  });`);
  const call = await newCall();
  const address = await serve(t, { "/": html(register, '<main id="call"></main>'), "/worker.js": worker });
  const page = await open(t, address);
  await page.evaluate(() => globalThis.controlled.then(() => {}));
  await page.evaluate((content) => (document.querySelector("#call").innerHTML = content), tag(call));
  const form = widget(page);
  await page.waitForFunction(() => globalThis.recorded.some(([event]) => event === "ready"));
  await form.drawnStar(3).click();
  await form.send.click();
  await page.waitForFunction(() => globalThis.recorded.some(([event]) => event === "queued"));
  assert.equal(await form.thanks.count(), 0);
  assert.equal(await server.account.rating(call.sid), undefined);

  await page.evaluate(() =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      navigator.serviceWorker.controller.postMessage("", [port2]);
    }).then(() => {}),
  );
  await page.evaluate(() => globalThis.dispatchEvent(new Event("online")));
  await form.thanks.waitFor();
  assert.deepEqual(await server.account.rating(call.sid), { score: 3, issues: [] });
});

test("Trusted Types with the policy “ringback”: a call is rated", async (t) => {
  const call = await newCall();
  const headers = { "Content-Security-Policy": "require-trusted-types-for 'script'; trusted-types ringback" };
  const page = await open(t, await serve(t, { "/": { body: html("", tag(call)), headers } }));
  await rate(page, call);
  const refused = await page.evaluate(() => {
    try {
      document.createElement("p").innerHTML = "<b>";
    } catch {
      return true;
    }
  });
  assert.ok(refused, "the page does not restrict innerHTML");
});

test("Trusted Types without that policy: an event says why there is no form", async (t) => {
  const call = await newCall();
  const headers = { "Content-Security-Policy": "require-trusted-types-for 'script'; trusted-types none" };
  const page = await open(t, await serve(t, { "/": { body: html("", tag(call)), headers } }));
  const error = await page.waitForFunction(() => globalThis.recorded.find(([event]) => event === "error"));
  const [, { code, message }] = await error.jsonValue();
  assert.equal(code, "policy");
  assert.match(message, /TrustedHTML/);
  assert.equal(page.warnings.length, 1);
});
