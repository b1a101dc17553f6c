// The same situations in each engine, against the built binary. ENGINES="firefox webkit" selects engines. The output ends
// with one line per engine.
import { after, describe, test } from "node:test";

import { Server } from "../lib/server.js";
import { ENGINES } from "./drivers/index.js";
import { situations } from "./situations/index.js";
import { Stage } from "./stage.js";

const wanted = process.env.ENGINES?.split(" ");
const AT_ONCE = 2;
const MOST_MS = 480_000;

const server = await Server.start();
const lines = [];
after(() => server.stop());
// After the report of Node's runner.
process.once("exit", () => console.log(lines.join("\n")));

/** Plays the situations in one engine, one after another, and counts them. */
async function play(t, engine) {
  const started = performance.now();
  const played = { passed: 0, failed: 0 };
  let version = "did not start";
  try {
    const browser = await engine.launch();
    t.after(() => browser.close());
    version = browser.version;
    for (const [name, run] of Object.entries(situations(engine))) {
      await t.test(`${engine.name}: ${name}`, { timeout: 90_000 }, async () => {
        const stage = await Stage.set(browser, server);
        played.failed += 1;
        try {
          await run(stage);
          played.failed -= 1;
          played.passed += 1;
        } finally {
          await stage.clear();
        }
      });
    }
  } finally {
    const seconds = Math.round((performance.now() - started) / 1000);
    lines.push(`${engine.name} ${version}: ${played.passed} passed, ${played.failed} failed, ${seconds} s`);
  }
}

describe("engines", { concurrency: AT_ONCE }, () => {
  for (const engine of ENGINES.filter(({ name }) => !wanted || wanted.includes(name)))
    test(engine.name, { timeout: MOST_MS }, (t) => play(t, engine));
});
