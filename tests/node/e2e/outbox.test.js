// Whatever fails on the way, the server ends up with the user's last choice and never goes back to an older one. Each run
// is random; RINGBACK_SEED=… RINGBACK_RUNS=1 repeats a run by the seed that it prints.
import assert from "node:assert/strict";
import { createHmac, randomInt } from "node:crypto";
import { test } from "node:test";

import { callSid } from "../lib/api.js";
import { FAULTS, FailingProxy } from "../lib/failing-proxy.js";
import { ISSUES } from "../lib/history.js";
import { seeded } from "../lib/random.js";
import { assertCountsAgree } from "../lib/server.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

const RUNS = Number(process.env.RINGBACK_RUNS ?? 50);
const SEED = Number(process.env.RINGBACK_SEED ?? randomInt(1_000_000));
const AT_ONCE = 4;
/** Longer than any delay before a retry. */
const MUCH_LATER_MS = 3_600_000;

setUp();

/** An expired token for this call. */
function expiredToken({ sid, authToken }, call) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(Date.now() / 1000) - 7200;
  const claims = { iss: sid, sub: sid, aud: "ringback", iat, exp: iat + 3600, jti: "old", call };
  const signed = `${part({ typ: "ringback-rating+jwt", alg: "HS256" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", authToken).update(signed).digest("base64url")}`;
}

// A softphone's page, which can get a new token from its backend.
const PAGE = `<!doctype html><title>Softphone</title><script type="module" src="/embed/ringback.js"></script>
<script type="module">
  document.addEventListener("ringback-token-needed", async ({ target }) => {
    const token = await freshToken();
    if (target === document) customElements.get("ringback-rating").renew(token);
    else target.setAttribute("token", token);
  });
</script>`;

/** Sets the form to this choice by clicks. Runs in the page. */
const choose = ({ score, issues }) => {
  const root = document.querySelector("ringback-rating").shadowRoot;
  const change = root.querySelector(".rb-thanks button");
  if (!change.hidden) change.click();
  root.querySelector(`[value="${score}"]`).click();
  for (const box of root.querySelectorAll("[type=checkbox]")) {
    if (box.checked !== issues.includes(box.value)) box.click();
  }
};

/** Whether the form shows the outcome of Send, or Send can be pressed again. Runs in the page. */
const isDone = () => {
  const root = document.querySelector("ringback-rating").shadowRoot;
  const shown = [...root.querySelectorAll("[role=status], [role=alert]")].some((element) => element.textContent);
  return shown || root.querySelector(".rb-form button").textContent === "Send";
};

/** Closes a tab, with the page's unload events or without. */
async function close(tab, withEvents) {
  const closed = tab.waitForEvent("close");
  await tab.close({ runBeforeUnload: withEvents });
  await closed;
}

const text = ({ score, issues }) => `${score} ${issues.toSorted()}`;

/** The choices in the outbox of the page's origin. */
const outbox = async (tab) => {
  const items = await tab.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.open("ringback");
        request.onupgradeneeded = () => request.transaction.abort();
        request.onerror = (event) => resolve(event.preventDefault() ?? []);
        request.onsuccess = () => {
          const all = request.result.transaction("outbox").objectStore("outbox").getAll();
          all.onsuccess = () => resolve(all.result);
          request.result.close();
        };
      }),
  );
  // One bit per issue, in the API's order.
  return items.map(({ score, issues }) => text({ score, issues: ISSUES.filter((_, bit) => issues & (1 << bit)) }));
};

async function run(number, seed) {
  const random = seeded(seed);
  const pick = (list) => list[random.integer(0, list.length - 1)];
  const { account } = server;
  const call = callSid(0x0b0c0000 + number);
  await account.report([{ sid: call, started_at: "2026-03-02T09:30:00Z" }]);
  const fresh = await account.ratingToken({ call });
  const expired = expiredToken(account, call);
  const proxy = await FailingProxy.start(server.endpoint, { "/": PAGE, "/later": PAGE });
  const context = await browser.newContext();
  await context.exposeFunction("freshToken", () => fresh);

  const chosen = [];
  let reached = -1;
  const reversed = [];
  proxy.onRated = async () => {
    const rating = await account.rating(call);
    const index = rating ? chosen.findLastIndex((choice) => text(choice) === text(rating)) : -1;
    // `chosen` lacks the intermediate states between the clicks of a choice.
    if (index >= 0 && index < reached) reversed.push(`${text(rating)} after ${text(chosen[reached])}`);
    reached = Math.max(reached, index);
  };

  const log = [];
  const tabs = [];
  const open = async () => {
    await context.setOffline(false);
    const tab = await context.newPage();
    await tab.goto(`${proxy.endpoint}/`);
    await tab.evaluate(
      (token) => {
        const element = document.createElement("ringback-rating");
        element.setAttribute("token", token);
        document.body.append(element);
      },
      random.chance(0.3) ? expired : fresh,
    );
    await tab.locator("ringback-rating .rb").waitFor();
    tabs.push(tab);
  };
  const actions = {
    choose: async (tab) => {
      // Every choice differs from all earlier ones, so that it can be recognised.
      let choice;
      do choice = { score: random.integer(1, 4), issues: random.some(ISSUES) };
      while (chosen.some((other) => text(other) === text(choice)));
      chosen.push(choice);
      log.push(text(choice));
      await tab.evaluate(choose, choice);
      // The choice is stored without Send, and faster than a user could act.
      await waitFor("the choice to be kept", async () => (await outbox(tab)).includes(text(choice)));
      if (random.chance(0.6)) await actions.send(tab);
    },
    send: async (tab) => {
      await tab.evaluate(() =>
        document.querySelector("ringback-rating").shadowRoot.querySelector(".rb-form button").click(),
      );
      if (random.chance(0.5)) await tab.waitForFunction(isDone);
    },
    offline: () => context.setOffline(true),
    online: () => context.setOffline(false),
    fault: () => (proxy.fault = pick(FAULTS)),
    reload: async (tab) => {
      tabs.splice(tabs.indexOf(tab), 1);
      const { fault } = proxy;
      await context.setOffline(random.chance(0.3));
      // The page unloads under its fault and is opened again under the same one.
      await tab.goto("about:blank");
      await close(tab, true);
      proxy.fault = fault;
      await open();
    },
    close: async (tab) => {
      tabs.splice(tabs.indexOf(tab), 1);
      await close(tab, random.chance(0.5));
      if (tabs.length === 0) await open();
    },
    another: () => tabs.length < 2 && open(),
    remove: (tab) =>
      tab
        .evaluate(() => {
          const element = document.querySelector("ringback-rating");
          element.remove();
          return new Promise((resolve) => setTimeout(() => resolve(document.body.append(element)), 0));
        })
        .then(() => tab.locator("ringback-rating .rb").waitFor()),
  };

  try {
    await open();
    for (let steps = random.integer(4, 9); steps > 0; steps--) {
      const action = pick([
        "choose",
        "choose",
        "choose",
        "fault",
        "fault",
        "offline",
        "online",
        "reload",
        "close",
        "another",
        "remove",
      ]);
      log.push(action);
      await actions[action](pick(tabs));
      log.push(proxy.fault);
    }
    for (const tab of tabs) await close(tab, true);
    await context.setOffline(false);
    proxy.fault = "none";
    const later = await context.newPage();
    await later.clock.setSystemTime(Date.now() + MUCH_LATER_MS);
    await later.goto(`${proxy.endpoint}/later`);
    await waitFor("the outbox to be empty", async () => (await outbox(later)).length === 0, { seconds: 30 });
    const rating = await account.rating(call);
    assert.equal(
      rating && text(rating),
      chosen.length ? text(chosen.at(-1)) : undefined,
      `the server has ${rating && text(rating)}`,
    );
    assert.deepEqual(reversed, []);
  } catch (error) {
    throw new Error(`RINGBACK_SEED=${seed} RINGBACK_RUNS=1: ${log.join(", ")}: ${error.message}`, { cause: error });
  } finally {
    await context.close();
    proxy.stop();
  }
}

test(`${RUNS} random runs lose no rating, reverse none and store none twice (RINGBACK_SEED=${SEED})`, async () => {
  let next = 0;
  const failed = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let number = next++; number < RUNS; number = next++)
        await run(number, SEED + number).catch((error) => failed.push(error));
    }),
  );
  assert.deepEqual(
    failed.map((error) => error.message),
    [],
  );
  await assertCountsAgree(server.folder);
});
