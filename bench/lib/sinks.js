// Responses of PostHog's and Sentry's servers. Their scripts cannot post to Ringback.

const SURVEY = {
  id: "rating",
  name: "Rating",
  type: "api",
  questions: [
    {
      id: "score",
      type: "rating",
      question: "How was the call?",
      display: "number",
      scale: 5,
      lowerBoundLabel: "",
      upperBoundLabel: "",
      branching: { type: "response_based", responseValues: { positive: 2 } },
    },
    {
      id: "issues",
      type: "multiple_choice",
      question: "What went wrong?",
      optional: true,
      choices: [
        "imperfect-audio",
        "one-way-audio",
        "dropped-call",
        "audio-latency",
        "post-dial-delay",
        "digits-not-captured",
        "incorrect-caller-id",
        "unsolicited-call",
      ],
    },
    { id: "comment", type: "open", question: "Anything else?", optional: true, buttonText: "Send" },
  ],
  appearance: { displayThankYouMessage: true, thankYouMessageHeader: "Thank you.", whiteLabel: true },
  conditions: null,
  feature_flag_keys: null,
  linked_flag_key: null,
  targeting_flag_key: null,
  internal_targeting_flag_key: null,
  start_date: "2024-01-01T00:00:00Z",
  end_date: null,
  current_iteration: null,
  current_iteration_start_date: null,
  schedule: "always",
};

/** Adds the endpoints of both to a site. */
export function addSinks(site) {
  site.addSink("/posthog/", (path) => {
    if (path.startsWith("/posthog/api/surveys")) return { surveys: [SURVEY] };
    if (path.startsWith("/posthog/array/")) return { surveys: true, supportedCompression: [], hasFeatureFlags: false };
    return { status: 1 };
  });
  site.addSink("/sentry/", () => ({}));
}
