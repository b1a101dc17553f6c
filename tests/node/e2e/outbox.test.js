// Whatever happens on the way, the last thing that a person chose is what the server has in the end, and never again
// something older. Each run is random; the seed that it prints repeats it: RINGBACK_SEED=… RINGBACK_RUNS=1.
import assert from 'node:assert/strict';
import { createHmac, randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';

import { callSid } from '../lib/api.js';
import { launch } from '../lib/browser.js';
import { FAULTS, FailingProxy } from '../lib/failing-proxy.js';
import { seeded } from '../lib/random.js';
import { Server, assertCountsAgree, newFolder } from '../lib/server.js';
import { waitFor } from '../lib/wait.js';

const RUNS = Number(process.env.RINGBACK_RUNS ?? 50);
const SEED = Number(process.env.RINGBACK_SEED ?? randomInt(1_000_000));
const AT_ONCE = 4;
// In the API's order.
const ISSUES = [
  'imperfect-audio', 'dropped-call', 'incorrect-caller-id', 'post-dial-delay', 'digits-not-captured',
  'unsolicited-call', 'audio-latency', 'one-way-audio',
];
/** Longer than anything is put off. */
const MUCH_LATER_MS = 3_600_000;

let folder, server, browser;

before(async () => {
  folder = await newFolder();
  server = await Server.start({ folder });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A token of the account's for this call that is no longer good. */
function expiredToken({ sid, authToken }, call) {
  const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1000) - 7200;
  const claims = { iss: sid, sub: sid, aud: 'ringback', iat, exp: iat + 3600, jti: 'old', call };
  const signed = `${part({ typ: 'ringback-rating+jwt', alg: 'HS256' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', authToken).update(signed).digest('base64url')}`;
}

// A softphone's page for a call, and one on which no call is rated. Both can get a new token from their backend.
const PAGE = `<!doctype html><title>Softphone</title><script type="module" src="/embed/ringback.js"></script>
<script type="module">
  document.addEventListener("ringback-token-needed", async ({ target }) => {
    const token = await freshToken();
    if (target === document) customElements.get("ringback-rating").renew(token);
    else target.setAttribute("token", token);
  });
</script>`;

/** The person sets the form to this choice, a click each. */
const choose = ({ score, issues }) => {
  const root = document.querySelector('ringback-rating').shadowRoot;
  const change = root.querySelector('.rb-thanks button');
  if (!change.hidden) change.click();
  root.querySelector(`[value="${score}"]`).click();
  for (const box of root.querySelectorAll('[type=checkbox]')) {
    if (box.checked !== issues.includes(box.value)) box.click();
  }
};

/** Whether the person was told what became of a press on Send, or may press it again. */
const isTold = () => {
  const root = document.querySelector('ringback-rating').shadowRoot;
  const told = [...root.querySelectorAll('[role=status], [role=alert]')].some(element => element.textContent);
  return told || root.querySelector('.rb-form button').textContent === 'Send';
};

/** Closes it as a person does, so that it hears of it; or at once. */
async function close(tab, politely) {
  const closed = tab.waitForEvent('close');
  await tab.close({ runBeforeUnload: politely });
  await closed;
}

const text = ({ score, issues }) => `${score} ${issues.toSorted()}`;

/** What is in the outbox of the page's origin, each as what was chosen. */
const outbox = async tab => {
  const items = await tab.evaluate(
    () =>
      new Promise(resolve => {
        const request = indexedDB.open('ringback');
        request.onupgradeneeded = () => request.transaction.abort();
        request.onerror = event => resolve(event.preventDefault() ?? []);
        request.onsuccess = () => {
          const all = request.result.transaction('outbox').objectStore('outbox').getAll();
          all.onsuccess = () => resolve(all.result);
          request.result.close();
        };
      }),
  );
  // A bit for each issue, in the API's order.
  return items.map(({ score, issues }) => text({ score, issues: ISSUES.filter((_, bit) => issues & (1 << bit)) }));
};

async function run(number, seed) {
  const random = seeded(seed);
  const pick = list => list[random.integer(0, list.length - 1)];
  const { account } = server;
  const call = callSid(0x0b0c0000 + number);
  await account.report([{ sid: call, started_at: '2026-03-02T09:30:00Z' }]);
  const fresh = await account.ratingToken({ call });
  const expired = expiredToken(account, call);
  const proxy = await FailingProxy.start(server.endpoint, { '/': PAGE, '/later': PAGE });
  const context = await browser.newContext();
  await context.exposeFunction('freshToken', () => fresh);

  const chosen = [];
  let reached = -1;
  const reversed = [];
  proxy.onRated = async () => {
    const rating = await account.rating(call);
    const index = rating ? chosen.findLastIndex(choice => text(choice) === text(rating)) : -1;
    // What was chosen click by click on the way to a choice is not in the list.
    if (index >= 0 && index < reached) reversed.push(`${text(rating)} after ${text(chosen[reached])}`);
    reached = Math.max(reached, index);
  };

  const told = [];
  const tabs = [];
  const open = async () => {
    await context.setOffline(false);
    const tab = await context.newPage();
    await tab.goto(`${proxy.endpoint}/`);
    await tab.evaluate(token => {
      const element = document.createElement('ringback-rating');
      element.setAttribute('token', token);
      document.body.append(element);
    }, random.chance(0.3) ? expired : fresh);
    await tab.locator('ringback-rating .rb').waitFor();
    tabs.push(tab);
  };
  const actions = {
    choose: async tab => {
      // Each is another than all before it, so that it can be told apart.
      let choice;
      do choice = { score: random.integer(1, 4), issues: random.some(ISSUES) };
      while (chosen.some(other => text(other) === text(choice)));
      chosen.push(choice);
      told.push(text(choice));
      await tab.evaluate(choose, choice);
      // Nobody is faster than that, and nothing is pressed for it.
      await waitFor('the choice to be kept', async () => (await outbox(tab)).includes(text(choice)));
      if (random.chance(0.6)) await actions.send(tab);
    },
    send: async tab => {
      await tab.evaluate(() => document.querySelector('ringback-rating').shadowRoot.querySelector('.rb-form button').click());
      if (random.chance(0.5)) await tab.waitForFunction(isTold);
    },
    offline: () => context.setOffline(true),
    online: () => context.setOffline(false),
    fault: () => (proxy.fault = pick(FAULTS)),
    reload: async tab => {
      tabs.splice(tabs.indexOf(tab), 1);
      const { fault } = proxy;
      await context.setOffline(random.chance(0.3));
      // The page goes away under its fault, and comes back without.
      await tab.goto('about:blank');
      await close(tab, true);
      proxy.fault = fault;
      await open();
    },
    close: async tab => {
      tabs.splice(tabs.indexOf(tab), 1);
      await close(tab, random.chance(0.5));
      if (tabs.length === 0) await open();
    },
    another: () => tabs.length < 2 && open(),
    remove: tab => tab.evaluate(() => {
      const element = document.querySelector('ringback-rating');
      element.remove();
      return new Promise(resolve => setTimeout(() => resolve(document.body.append(element)), 0));
    }).then(() => tab.locator('ringback-rating .rb').waitFor()),
  };

  try {
    await open();
    for (let steps = random.integer(4, 9); steps > 0; steps--) {
      const action = pick(['choose', 'choose', 'choose', 'fault', 'fault', 'offline', 'online', 'reload', 'close', 'another', 'remove']);
      told.push(action);
      await actions[action](pick(tabs));
      told.push(proxy.fault);
    }
    for (const tab of tabs) await close(tab, true);
    await context.setOffline(false);
    proxy.fault = 'none';
    const later = await context.newPage();
    await later.clock.setSystemTime(Date.now() + MUCH_LATER_MS);
    await later.goto(`${proxy.endpoint}/later`);
    await waitFor('the outbox to be empty', async () => (await outbox(later)).length === 0, { seconds: 30 });
    const rating = await account.rating(call);
    assert.equal(rating && text(rating), chosen.length ? text(chosen.at(-1)) : undefined, `the server has ${rating && text(rating)}`);
    assert.deepEqual(reversed, []);
  } catch (error) {
    throw new Error(`RINGBACK_SEED=${seed} RINGBACK_RUNS=1: ${told.join(', ')}: ${error.message}`, { cause: error });
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
      for (let number = next++; number < RUNS; number = next++) await run(number, SEED + number).catch(error => failed.push(error));
    }),
  );
  assert.deepEqual(failed.map(error => error.message), []);
  await assertCountsAgree(folder);
});
