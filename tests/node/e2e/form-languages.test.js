// The form in each of its languages: all texts, the direction, plural forms and digits.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { assertQuiet, mouseClick } from "../lib/browser.js";
import { openForm } from "../lib/host-page.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

setUp();

for (const language of ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "ar", "ja", "zh", "zh-hant"]) {
  test(`a call is rated in ${language}`, async (t) => {
    const words = JSON.parse(await readFile(new URL(`../../../src/text/${language}.json`, import.meta.url), "utf8"));
    const { page, sid } = await openForm(t, browser, server, {
      lang: words.lang,
      attributes: "dismissible opt-out",
    });
    const base = page.locator(".rb");
    assert.deepEqual([await base.getAttribute("lang"), await base.getAttribute("dir")], [words.lang, words.dir]);
    const names = await Promise.all(
      (await page.getByRole("radio").all()).map((radio) => radio.evaluate((each) => each.labels[0].textContent)),
    );
    assert.deepEqual(
      names,
      [1, 2, 3, 4, 5].map((n) => words[`stars-${n}`] + words.comma + words[`score-${n}`]),
    );

    await mouseClick(page, page.locator(".rb-star").nth(1));
    await mouseClick(page, page.locator(".rb-issue").first());
    const shown = async () =>
      (await base.innerText())
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean);
    const issues = Object.keys(words)
      .filter((key) => key.startsWith("issue-"))
      .map((key) => words[key]);
    const expected = [
      ...names,
      words.question,
      words["score-2"],
      words.wrong,
      ...issues,
      words.comment,
      words.send,
      words.partial,
      words["not-now"],
      words.never,
    ];
    await waitFor("the note", async () => (await shown()).includes(words.partial));
    assert.deepEqual((await shown()).toSorted(), expected.toSorted());

    // 0 to 3, 11 and 100 have different plural forms in Polish and Arabic.
    for (const left of [0, 1, 2, 3, 11, 100, -1, -5]) {
      await page.locator("textarea").fill("x".repeat(1000 - left));
      const line = await page.evaluate(
        ({ words, left }) => {
          const n = Math.abs(left);
          const form = new Intl.PluralRules(words.lang).select(n);
          return words[(left < 0 ? "over-" : "left-") + form].replace("{n}", n.toLocaleString(words.lang));
        },
        { words, left },
      );
      await waitFor(`"${line}"`, async () => (await page.locator(".rb-left").textContent()) === line);
    }

    await page.locator("textarea").fill("");
    await page.locator("[part=button]").click();
    await waitFor("thanks", async () => (await page.getByRole("status").textContent()) === words.thanks);
    assert.deepEqual(await server.account.rating(sid), { score: 2, issues: ["imperfect-audio"] });
    assertQuiet(page);
  });
}
