// The form as HTML, before its code is there.

import { form, style } from "ringback:generated";

let template;
/** A stylesheet belongs to a document, and an element may be moved to another one. */
const sheets = new WeakMap();

/** Under `require-trusted-types-for 'script'` a page has to allow the policy "ringback". */
const trusted = (html) => {
  try {
    return trustedTypes.createPolicy("ringback", { createHTML: (html) => html }).createHTML(html);
  } catch {
    // This browser has no such types, or the page restricts them.
    return html;
  }
};

/** Creates the form with these texts. Throws if the page's policy for Trusted Types does not allow it. */
export const paint = (texts) => {
  if (!template) {
    // Parsed by itself: inside a host's form, the parser would drop ours.
    const parsed = document.createElement("template");
    parsed.innerHTML = trusted(form);
    template = parsed;
  }
  const base = document.importNode(template.content, true).firstChild;
  base.lang = texts.lang;
  base.dir = texts.dir;
  const walker = document.createTreeWalker(base, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    text.data = text.data.replace(/{([\w-]+)}/g, (_, key) => texts[key]);
  }
  return base;
};

/** Gives a shadow root its style, as a constructed stylesheet, because `style-src 'self'` does not allow a `<style>`. */
export const dress = (root) => {
  const { ownerDocument } = root;
  let sheet = sheets.get(ownerDocument);
  if (!sheet) {
    sheet = new ownerDocument.defaultView.CSSStyleSheet();
    sheet.replaceSync(style);
    sheets.set(ownerDocument, sheet);
  }
  root.adoptedStyleSheets = [sheet];
};

/** Resolves after the next frame, because earlier work delays it. Waits 50 ms at most: a hidden page draws no frames. */
export const afterPaint = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 50);
  });
