// The form with the keyboard, with assistive technology, with large text and with forced colours. The tests query the
// browser, because axe alone accepts stars that only a mouse can reach.
import assert from "node:assert/strict";
import { test } from "node:test";

import { accessibilityTree, assertAccessible, assertQuiet, isFocused, launch, mouseClick } from "../lib/browser.js";
import { openForm } from "../lib/host-page.js";
import { browser, server, setUp } from "../lib/setup.js";
import { STATES } from "../lib/states.js";
import { waitFor } from "../lib/wait.js";

setUp();

/** Names the focused element, in shadow roots too: its value, its id or its text. */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element.type === "radio" || element.type === "checkbox" ? element.value : element.id || element.textContent;
  });

const checked = async (page) =>
  (await accessibilityTree(page, "radio")).findIndex(({ checked }) => checked === "true") + 1;

test("the stars are one Tab stop, before and after a choice", async (t) => {
  const { page, form } = await openForm(t, browser, server);
  const { keyboard } = page;
  await page.focus("#before");
  await keyboard.press("Tab");
  assert.equal(await focused(page), "1");
  await keyboard.press("Tab");
  assert.equal(await focused(page), "Send");
  await keyboard.press("Tab");
  assert.equal(await focused(page), "behind");
  await keyboard.press("Shift+Tab");
  await keyboard.press("Shift+Tab");
  await form.star(4).focus();
  await keyboard.press("Space");
  assert.equal(await checked(page), 4);
  await page.focus("#before");
  await keyboard.press("Tab");
  assert.equal(await focused(page), "4");
  await keyboard.press("Tab");
  assert.equal(await focused(page), "imperfect-audio");
  await keyboard.press("Shift+Tab");
  assert.equal(await focused(page), "4");
  await keyboard.press("Shift+Tab");
  assert.equal(await focused(page), "before");
  assertQuiet(page);
});

test("Space, arrows, Home and End choose stars", async (t) => {
  const { page, form, events } = await openForm(t, browser, server);
  await page.focus("#before");
  await page.keyboard.press("Tab");
  assert.equal(await checked(page), 0);
  for (const [key, star] of [
    ["Space", 1],
    ["ArrowRight", 2],
    ["ArrowDown", 3],
    ["End", 5],
    ["ArrowRight", 1],
    ["ArrowLeft", 5],
    ["ArrowUp", 4],
    ["Home", 1],
    ["End", 5],
  ]) {
    await page.keyboard.press(key);
    assert.deepEqual([key, await checked(page), await focused(page)], [key, star, `${star}`]);
  }
  await waitFor("the word for five", () => page.getByText("Great", { exact: true }).isVisible());
  assert.equal((await events()).length, 9);
  // Shortcuts of the browser still work.
  await page.keyboard.press("Control+Home");
  assert.equal(await checked(page), 5);
  // Home still works in the comment.
  await form.comment.fill("ab");
  await page.keyboard.press("Home");
  await page.keyboard.type("x");
  assert.equal(await form.comment.inputValue(), "xab");
  assertQuiet(page);
});

test("in a right-to-left language, more stars are to the left", async (t) => {
  const { page } = await openForm(t, browser, server, { lang: "ar" });
  const boxes = await Promise.all([0, 4].map((i) => page.getByRole("radio").nth(i).boundingBox()));
  assert.ok(boxes[1].x < boxes[0].x, "the fifth star is left of the first");
  await page.focus("#before");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  for (const [key, star] of [
    ["ArrowLeft", 2],
    ["ArrowLeft", 3],
    ["ArrowRight", 2],
    ["ArrowDown", 3],
    ["End", 5],
    ["ArrowLeft", 1],
    ["ArrowRight", 5],
    ["Home", 1],
  ]) {
    await page.keyboard.press(key);
    assert.deepEqual([key, await checked(page), await focused(page)], [key, star, `${star}`]);
  }
  assertQuiet(page);
});

test("every control has its name and state in the accessibility tree", async (t) => {
  const { page, form } = await openForm(t, browser, server);
  const tree = (role) => accessibilityTree(page, role);
  const names = async (role) => (await tree(role)).map(({ name }) => name);
  assert.deepEqual(await names("radio"), [
    "1 star, Terrible",
    "2 stars, Poor",
    "3 stars, OK",
    "4 stars, Good",
    "5 stars, Great",
  ]);
  assert.deepEqual(
    (await tree("group")).map(({ name, description }) => [name, description]),
    [["How was your call?", "Choose one to five stars"]],
  );
  // Hidden controls are not in the tree.
  assert.deepEqual([await names("checkbox"), await names("textbox")], [[], []]);
  assert.deepEqual(
    (await tree("status")).map(({ live }) => live),
    ["polite"],
  );
  assert.deepEqual(
    (await tree("alert")).map(({ live }) => live),
    ["assertive"],
  );

  await mouseClick(page, form.drawnStar(2));
  await mouseClick(page, form.issue("The call cut out"));
  await waitFor("the word", async () => (await tree("group"))[0].description === "Poor");
  assert.equal(await checked(page), 2);
  assert.deepEqual(
    (await tree("group")).map(({ name }) => name),
    ["How was your call?", "What went wrong?"],
  );
  assert.deepEqual(
    (await tree("checkbox")).map(({ name, checked }) => [name, checked]),
    [
      ["Noise, echo or gaps", "false"],
      ["The call cut out", "true"],
      ["Only one side was heard", "false"],
      ["Delay in the sound", "false"],
      ["Slow to connect", "false"],
      ["Keypad didn’t work", "false"],
      ["Wrong number shown", "false"],
      ["Unwanted call", "false"],
    ],
  );
  assert.deepEqual(await names("textbox"), ["Anything else? (optional)"]);
  assert.ok((await names("button")).includes("Send"));

  await form.send.click();
  await waitFor("the live region to say it", async () =>
    (await page.getByRole("status").textContent()).startsWith("Thank you"),
  );
  assert.deepEqual([await names("radio"), await names("checkbox")], [[], []]);
  assertQuiet(page);
});

test("a problem is described at its field, and the field takes the focus", async (t) => {
  const { page, form } = await openForm(t, browser, server, { attributes: 'require-issue="2"' });
  const tree = (role) => accessibilityTree(page, role);
  const focus = (locator) => waitFor("the focus", () => isFocused(locator));
  await form.send.click();
  await focus(form.star(1));
  assert.equal((await tree("group"))[0].description, "Please choose a star first");

  await mouseClick(page, form.drawnStar(1));
  await form.send.click();
  await focus(form.issue("Noise, echo or gaps"));
  for (const { invalid, description } of await tree("checkbox")) {
    assert.deepEqual([invalid, description], ["true", "Please choose at least one"]);
  }
  await page.keyboard.press("Space");
  await waitFor("the issues to be valid", async () =>
    (await tree("checkbox")).every(({ invalid }) => invalid !== "true"),
  );

  await form.comment.fill("x".repeat(1002));
  await form.send.click();
  await focus(form.comment);
  const [{ invalid, description }] = await tree("textbox");
  assert.deepEqual([invalid, description], ["true", "2 characters too many"]);
  assert.equal(await page.getByRole("alert").textContent(), "The comment is too long. Please shorten it.");
  assertQuiet(page);
});

test("after a dismissal the focus returns to where it came from", async (t) => {
  const { page, form } = await openForm(t, browser, server, { attributes: "dismissible" });
  await page.focus("#before");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Not now" }).focus();
  await page.keyboard.press("Enter");
  await form.stars.first().waitFor({ state: "hidden" });
  assert.equal(await focused(page), "before");
  assertQuiet(page);
});

test("every focused element has a visible ring", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const { page, form } = await openForm(t, browser, server, {
      attributes: "dismissible opt-out",
      context: { colorScheme },
    });
    await page.focus("#before");
    await mouseClick(page, form.drawnStar(3));
    await page.focus("#before");
    const visited = [];
    for (;;) {
      await page.keyboard.press("Tab");
      const name = await focused(page);
      if (name === "behind") break;
      visited.push(name);
      const ring = await page.evaluate(() => {
        const rgb = (colour) => {
          const canvas = new OffscreenCanvas(1, 1).getContext("2d");
          canvas.fillStyle = colour;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const luminance = (colour) => {
          const [r, g, b] = rgb(colour).map((c) =>
            c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
          );
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const root = document.querySelector("ringback-rating").shadowRoot;
        const element = root.activeElement;
        const style = [element, element.closest("label")].filter(Boolean).map((each) => getComputedStyle(each));
        const { outlineWidth, outlineColor } = style.find((each) => each.outlineStyle !== "none") ?? {};
        const [high, low] = [outlineColor ?? "red", getComputedStyle(root.querySelector(".rb")).backgroundColor]
          .map(luminance)
          .toSorted((a, b) => b - a);
        return { width: parseFloat(outlineWidth), contrast: (high + 0.05) / (low + 0.05) };
      });
      assert.ok(ring.width >= 2 && ring.contrast >= 3, `${name} in ${colorScheme}: ${JSON.stringify(ring)}`);
    }
    assert.equal(visited.length, 1 + 8 + 1 + 3, visited.join());
  }
});

/** The elements of the form that stick out of the page, or whose text is cut off. */
const overflowing = (page) =>
  page.evaluate(() => {
    const root = document.querySelector("ringback-rating").shadowRoot;
    const all = [...root.querySelectorAll(".rb, .rb *")].filter(
      (element) => element.checkVisibility() && !element.matches(".rb-star span, svg *"),
    );
    const width = document.documentElement.clientWidth;
    const names = all
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        const clips = element.matches("input, textarea")
          ? false
          : element.scrollWidth > Math.ceil(element.clientWidth) + 1;
        return left < -0.5 || right > width + 0.5 || (element.clientWidth > 0 && clips);
      })
      .map((element) => `${element.localName}.${element.className}`);
    return document.documentElement.scrollWidth > width ? ["the page", ...names] : names;
  });

test("targets are large enough, even on a narrow page", async (t) => {
  for (const width of [1200, 390, 320]) {
    const { page, form } = await openForm(t, browser, server, {
      attributes: "dismissible opt-out",
      context: { viewport: { width, height: 900 }, reducedMotion: "reduce" },
    });
    await mouseClick(page, form.drawnStar(2));
    const sizes = await page.evaluate(() =>
      [
        ...document
          .querySelector("ringback-rating")
          .shadowRoot.querySelectorAll(".rb-star, .rb-issue, textarea, button"),
      ]
        .filter((element) => element.checkVisibility())
        .map((element) => {
          const { width, height } = element.getBoundingClientRect();
          return { name: element.textContent, width, height };
        }),
    );
    assert.equal(sizes.length, 5 + 8 + 1 + 3);
    const small = sizes.filter((size) => size.width < 24 || size.height < 24);
    assert.deepEqual(small, [], `${width} wide`);
    assert.deepEqual(await overflowing(page), [], `${width} wide`);
  }
});

test("text of twice the size fits", async (t) => {
  const large = await launch({ flags: ["--blink-settings=defaultFontSize=32"] });
  t.after(() => large.close());
  for (const [lang, width] of [
    ["en", 390],
    ["de", 320],
  ]) {
    const { page } = await openForm(t, large, server, {
      lang,
      attributes: 'dismissible opt-out require-issue="2"',
      context: { viewport: { width, height: 900 }, reducedMotion: "reduce" },
    });
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).fontSize), "32px");
    await mouseClick(page, page.locator(".rb-star").nth(1));
    await page.locator("[part=button]").click();
    await waitFor("the problem", () => page.locator(".rb-wrong .rb-problem").textContent());
    assert.deepEqual(await overflowing(page), [], `${lang}, ${width} wide`);
    await page.locator(".rb-issue").first().click();
    await page.locator("[part=button]").click();
    await page.locator("[part=change]").waitFor();
    assert.deepEqual(await overflowing(page), [], `sent, ${lang}, ${width} wide`);
  }
});

test("forced colours show which stars are chosen and which issues are ticked", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const { page, form } = await openForm(t, browser, server, {
      context: { forcedColors: "active", colorScheme },
    });
    await mouseClick(page, form.drawnStar(3));
    await mouseClick(page, form.issue("The call cut out"));
    const look = await page.evaluate(() => {
      const root = document.querySelector("ringback-rating").shadowRoot;
      const of = (selector, name) =>
        [...root.querySelectorAll(selector)].map((element) => getComputedStyle(element)[name]);
      return { stars: of(".rb-star svg", "fill"), issues: of(".rb-issue", "borderTopColor") };
    });
    const [first, , third, fourth, fifth] = look.stars;
    assert.ok(first === third && fourth === fifth && third !== fourth, look.stars.join());
    assert.ok(look.issues[1] !== look.issues[0], look.issues.join());
  }
});

test("reduced motion removes all motion", async (t) => {
  const moves = async (reducedMotion) => {
    const { page, form } = await openForm(t, browser, server, { context: { reducedMotion } });
    await form.drawnStar(3).hover();
    return page.evaluate(() =>
      [...document.querySelector("ringback-rating").shadowRoot.querySelectorAll("*")].some((element) => {
        const { transitionDuration, transform, animationName } = getComputedStyle(element);
        return parseFloat(transitionDuration) > 0 || transform !== "none" || animationName !== "none";
      }),
    );
  };
  assert.deepEqual([await moves("reduce"), await moves("no-preference")], [false, true]);
});

for (const [name, { attributes, reach, shows, complaints = 0 }] of Object.entries(STATES)) {
  test(`axe finds nothing: ${name}`, async (t) => {
    const { page, form } = await openForm(t, browser, server, { attributes });
    await reach?.(page, form);
    if (shows) await page.getByText(shows, { exact: true }).waitFor();
    await assertAccessible(page);
    assert.equal(page.complaints.length, complaints, page.complaints.join("\n"));
  });
}

test("axe finds nothing: the dialog, which has a name and returns the focus", async (t) => {
  const { page, form } = await openForm(t, browser, server, { attributes: "dismissible" });
  await page.evaluate(() => {
    const old = document.querySelector("ringback-rating");
    const element = document.createElement("ringback-rating");
    element.mode = "dialog";
    const { endpoint, token } = old;
    old.replaceWith(element);
    document.querySelector("#before").onclick = () => element.open({ endpoint, token });
  });
  await page.focus("#before");
  await page.keyboard.press("Enter");
  await form.stars.first().waitFor();
  await waitFor("the first star to have the focus", async () => (await focused(page)) === "1");
  const [dialog] = await accessibilityTree(page, "dialog");
  assert.deepEqual([dialog.name, dialog.modal], ["How was your call?", true]);
  await assertAccessible(page);
  // The focus stays inside.
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press("Tab");
    assert.notEqual(await focused(page), "behind");
  }
  await page.keyboard.press("Escape");
  await form.stars.first().waitFor({ state: "hidden" });
  assert.equal(await focused(page), "before");
  assertQuiet(page);
});
