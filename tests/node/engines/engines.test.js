// The same situations in each engine, against the built binary. ENGINES="firefox webkit" runs some of the engines.
// The output ends with one line per engine.
import { after, describe, test } from "node:test";

import { Server } from "../lib/server.js";
import { ENGINES } from "./drivers/index.js";
import { situations } from "./situations/index.js";
import { Stage } from "./stage.js";

const wanted = process.env.ENGINES?.split(" ");
const engines = ENGINES.filter(({ name }) => !wanted || wanted.includes(name));
const AT_ONCE = 2;

const server = await Server.start();
const lines = [];
after(() => server.stop());
process.once("exit", () => console.log(lines.join("\n")));

describe("engines", { concurrency: AT_ONCE }, () => {
  for (const engine of engines) {
    test(engine.name, async (t) => {
      const started = performance.now();
      const browser = await engine.launch();
      t.after(() => browser.close());
      const results = { passed: 0, failed: 0 };
      for (const [name, run] of Object.entries(situations(engine))) {
        await t.test(`${engine.name}: ${name}`, { timeout: 90_000 }, async () => {
          const stage = await Stage.set(browser, server);
          results.failed += 1;
          try {
            await run(stage);
            results.failed -= 1;
            results.passed += 1;
          } finally {
            await stage.clear();
          }
        });
      }
      const seconds = Math.round((performance.now() - started) / 1000);
      lines.push(`${engine.name} ${browser.version}: ${results.passed} passed, ${results.failed} failed, ${seconds} s`);
    });
  }
});
