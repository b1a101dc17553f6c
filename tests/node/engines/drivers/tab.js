import { waitFor } from "../../lib/wait.js";

/**
 * A page in a window or in a frame of one of the engines. A target is `{ css, nth, host }`: the element with this number
 * among those that match `css` in the document and in open shadow roots, or only in that of the element `host`.
 *
 * Each engine implements `goto`, `reload`, `run(source, args)`, `press`, `type`, `pointer(x, y, type)`, `hover(x, y)`,
 * `frame(css)`,
 * `popup(open)`, `screenshot`, `resize` and `close`.
 */
export class Tab {
  /** Runs a function in the page, waits for its promise, and returns its result. */
  evaluate(run, ...args) {
    return this.run(`${run}`, args);
  }

  /** Waits until a function that runs in the page returns something truthy, and returns that. */
  waitFor(description, run, ...args) {
    return waitFor(description, () => this.evaluate(run, ...args), { seconds: 20 });
  }

  /** Presses and releases the mouse at the middle of a target, so that whatever lies on top gets the click. */
  async click(target) {
    const { x, y } = await this.middleOf(target);
    await this.pointer(x, y, "mouse");
  }

  /** Touches the middle of a target. */
  async tap(target) {
    const { x, y } = await this.middleOf(target);
    await this.pointer(x, y, "touch");
  }

  async middleOf(target) {
    const { x, y } = await this.waitFor(`${JSON.stringify(target)} to be visible`, middleOf, target);
    const { x: left, y: top } = await this.offset();
    return { x: left + x, y: top + y };
  }

  /** The position of a frame's content in its window. */
  async offset() {
    return { x: 0, y: 0 };
  }

  /** Moves the mouse away and waits until the page has painted. */
  async settle() {
    await this.hover(0, 0);
    await this.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }

  /** A property of every element that matches the target, by a function that runs in the page. */
  each(target, property) {
    return this.run(`(target) => (${findAll})(target).map(${property})`, [target]);
  }
}

/** Runs in the page. */
function findAll({ css, host }) {
  const found = [];
  const visit = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches(css)) found.push(element);
      if (element.shadowRoot) visit(element.shadowRoot);
    }
  };
  visit(host ? document.querySelector(host).shadowRoot : document);
  return found;
}

/** Where to click an element, or nothing if it is not visible yet. */
const middleOf = `({ nth = 0, ...target }) => {
  const element = (${findAll})(target)[nth];
  element?.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = element?.getBoundingClientRect() ?? {};
  return width > 0 && height > 0 && { x: x + width / 2, y: y + height / 2 };
}`;
