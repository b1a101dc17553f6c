// Texts, issues and the request that the peers' forms share.

export const SCORES = [1, 2, 3, 4, 5];

export const ISSUES = [
  ["imperfect-audio", "Noise, echo or gaps"],
  ["one-way-audio", "Only one side was heard"],
  ["dropped-call", "The call cut out"],
  ["audio-latency", "Long delay when talking"],
  ["post-dial-delay", "It took long to connect"],
  ["digits-not-captured", "Pressed keys did nothing"],
  ["incorrect-caller-id", "Wrong number shown"],
  ["unsolicited-call", "Unwanted call"],
];

export const WORDS = {
  question: "How was the call?",
  issues: "What went wrong?",
  comment: "Anything else?",
  send: "Send",
  thanks: "Thank you.",
  failed: "That could not be sent. Please try again.",
};

export const stars = (score) => `${score} star${score === 1 ? "" : "s"}`;

/** The element for the form; its attributes contain the URL and the token for the rating. */
export const place = document.querySelector("#rating");

/** Posts the answers to Ringback's Feedback endpoint; throws unless they were stored. */
export async function send(answers) {
  const response = await fetch(place.dataset.url, {
    method: "POST",
    headers: { Authorization: `Bearer ${place.dataset.token}` },
    body: new URLSearchParams(answers),
  });
  if (!response.ok) throw new Error(`${response.status}`);
}
