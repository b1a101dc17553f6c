// What runs in the page that is measured. Each function is sent there as it is, so it may use nothing from outside.

/**
 * Somebody as fast as the page lets them be: does each step as soon as what it needs is there, and notes in
 * `globalThis.noted` when the first thing could be used, in milliseconds since the navigation began.
 * A step is a selector to click, or `{ fill, words }`.
 */
export function hurry({ first, steps }) {
  const noted = (globalThis.noted = {});
  const find = (selector, root = document) => {
    const found = root.querySelector?.(selector);
    if (found) return found;
    for (const element of root.querySelectorAll('*')) {
      const inside = element.shadowRoot && find(selector, element.shadowRoot);
      if (inside) return inside;
    }
  };
  const usable = selector => {
    const element = find(selector);
    return element?.checkVisibility() && !element.disabled ? element : undefined;
  };
  const take = step => {
    const element = usable(step.fill ?? step);
    if (!element) return false;
    if (step.fill) {
      element.value = step.words;
      element.dispatchEvent(new Event('input', { bubbles: true }));
    } else {
      element.click();
    }
    return true;
  };
  const todo = [...steps];
  const look = () => {
    if (noted.usable === undefined && usable(first)) noted.usable = performance.now();
    while (todo.length > 0 && take(todo[0])) todo.shift();
    if (todo.length > 0 || noted.usable === undefined) requestAnimationFrame(look);
    else noted.done = performance.now();
  };
  requestAnimationFrame(look);
}

/** Notes in `globalThis.taps` the milliseconds from each trusted click to when the frame after it was painted. */
export function watchTaps() {
  const taps = (globalThis.taps = []);
  let pending = false;
  addEventListener(
    'click',
    event => {
      // The click that a label passes on to its radio belongs to the same tap.
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

/** Where to tap for each star, from the top left corner of the window. */
export function starPlaces(selector) {
  const findAll = (root = document) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].flatMap(element => (element.shadowRoot ? findAll(element.shadowRoot) : [])),
  ];
  return findAll().map(star => {
    const { x, y, width, height } = (star.closest('label') ?? star).getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
}
