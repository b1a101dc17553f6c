// The measured forms with the steps of a visitor: a low score, two issues, Send. Selectors reach into shadow roots.
import { build } from "esbuild";

const ISSUES = ["dropped-call", "one-way-audio"];
const RATED = { score: 2, issues: ISSUES };

/** Selectors for forms of native radio buttons and checkboxes. */
const native = {
  first: "[type=radio]",
  stars: "[type=radio]",
  steps: [
    '[type=radio][value="2"]',
    ...ISSUES.map((issue) => `[type=checkbox][value="${issue}"]`),
    "form button:not([type]), form [part=button]",
  ],
};

/** Identifies the request with the rating by its path and a part of its body. */
const toRingback = { path: /\/Feedback\.json$/, body: "QualityScore=2" };

const bundled = (file, parts) => ({
  script: `/peers/${file}`,
  source: new URL(`peers/${file}`, import.meta.url).pathname,
  ...parts,
});

export const ringback = { name: "Ringback", script: "/embed/ringback.js", ...native, post: toRingback, rated: RATED };
export const handWritten = bundled("hand.js", { name: "hand-written", ...native, post: toRingback, rated: RATED });

export const contenders = [
  ringback,
  handWritten,
  bundled("lit.js", { name: "Lit", ...native, post: toRingback, rated: RATED }),
  bundled("react.jsx", { name: "React", ...native, post: toRingback, rated: RATED }),
  bundled("surveyjs.js", {
    name: "SurveyJS",
    ...native,
    steps: [...native.steps.slice(0, -1), ".sd-navigation__complete-btn"],
    post: toRingback,
    rated: RATED,
  }),
  bundled("posthog.js", {
    name: "PostHog surveys",
    first: ".ratings-number",
    stars: ".ratings-number",
    steps: [
      '.ratings-number[aria-label="Rate 2"]',
      ".form-submit",
      "#surveyQuestion1Choice2",
      "#surveyQuestion1Choice1",
      ".form-submit",
      "textarea",
      ".form-submit",
    ],
    post: { path: /^\/posthog\//, body: "survey sent" },
  }),
  bundled("sentry.js", {
    name: "Sentry feedback",
    first: "textarea",
    steps: [{ fill: "textarea", words: "Two stars: it cut out, and only one side was heard." }, "form [type=submit]"],
    post: { path: /^\/sentry\//, body: '"type":"feedback"' },
  }),
];

/** Bundles each peer's script for production and adds it to the site. */
export async function bundle(site) {
  for (const { script, source } of contenders) {
    if (!source) continue;
    const { outputFiles } = await build({
      entryPoints: [source],
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      target: "es2022",
      legalComments: "none",
      jsx: "automatic",
      loader: { ".css": "text" },
      define: { "process.env.NODE_ENV": '"production"' },
    });
    site.add(script, "text/javascript; charset=utf-8", outputFiles[0].contents);
  }
}

/** Returns the HTML of a page with the contender on it, for one call. */
export function page({ script }, { origin }, { sid }, call, token) {
  const host = new URL(origin).host;
  const element =
    script === ringback.script
      ? `<ringback-rating token="${token}"></ringback-rating>`
      : `<div id="rating" data-url="/2010-04-01/Accounts/${sid}/Calls/${call}/Feedback.json" data-token="${token}"
          data-host="${origin}/posthog" data-dsn="http://bench@${host}/sentry/1"></div>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Softphone</title><link rel="icon" href="data:,">
    <script type="module" src="${script}"></script>${element}`;
}
