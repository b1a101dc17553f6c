// The same questions as a PostHog survey: one after another, with five numbers instead of stars. Questions and answers
// use endpoints like PostHog's. Only the packages that surveys need are bundled.
import "posthog-js/dist/surveys";
import { SurveysExtensions } from "posthog-js/dist/extension-bundles";
import posthog from "posthog-js/dist/module.slim.no-external";

import { place } from "./form.js";

posthog.init("phc_bench", {
  api_host: place.dataset.host,
  __extensionClasses: SurveysExtensions,
  autocapture: false,
  capture_pageview: false,
  capture_pageleave: false,
  disable_session_recording: true,
  advanced_disable_feature_flags: true,
  disable_surveys_automatic_display: true,
  persistence: "memory",
  request_batching: false,
  disable_compression: true,
  // PostHog takes a headless browser for a bot.
  opt_out_useragent_filter: true,
});
posthog.onSurveysLoaded(([survey]) =>
  posthog.displaySurvey(survey.id, {
    displayType: "inline",
    selector: "#rating",
    ignoreConditions: true,
    ignoreDelay: true,
  }),
);
