// Functions that run in the measured page. Playwright sends their source, so they cannot use anything from outside.

/**
 * Takes each step as soon as its element is usable. A step is a selector to click, or `{ fill, words }`. Records in
 * `globalThis.timing` when `first` was usable and when all steps were done, in milliseconds since the navigation.
 */
export function runSteps({ first, steps }) {
  const timing = (globalThis.timing = {});
  const find = (selector, root = document) => {
    const found = root.querySelector?.(selector);
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const inside = element.shadowRoot && find(selector, element.shadowRoot);
      if (inside) return inside;
    }
  };
  const usable = (selector) => {
    const element = find(selector);
    return element?.checkVisibility() && !element.disabled ? element : undefined;
  };
  const take = (step) => {
    const element = usable(step.fill ?? step);
    if (!element) return false;
    if (step.fill) {
      element.value = step.words;
      element.dispatchEvent(new Event("input", { bubbles: true }));
    } else {
      element.click();
    }
    return true;
  };
  const remaining = [...steps];
  const look = () => {
    if (timing.usable === undefined && usable(first)) timing.usable = performance.now();
    while (remaining.length > 0 && take(remaining[0])) remaining.shift();
    if (remaining.length > 0 || timing.usable === undefined) requestAnimationFrame(look);
    else timing.done = performance.now();
  };
  requestAnimationFrame(look);
}

/** Records in `globalThis.taps` the milliseconds from each trusted click to the paint of the next frame. */
export function recordTaps() {
  const taps = (globalThis.taps = []);
  let pending = false;
  addEventListener(
    "click",
    (event) => {
      // A label forwards the click to its radio button. Both belong to the same tap.
      if (!event.isTrusted || pending) return;
      pending = true;
      requestAnimationFrame(() => {
        const painted = new MessageChannel();
        painted.port1.onmessage = () => {
          taps.push(performance.now() - event.timeStamp);
          pending = false;
        };
        painted.port2.postMessage(null);
      });
    },
    { capture: true },
  );
}

/** Returns the centre of each star, in coordinates of the viewport. */
export function starPositions(selector) {
  const findAll = (root = document) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll("*")].flatMap((element) => (element.shadowRoot ? findAll(element.shadowRoot) : [])),
  ];
  return findAll().map((star) => {
    const { x, y, width, height } = (star.closest("label") ?? star).getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
}
