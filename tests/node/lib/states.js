import { mouseClick } from "./browser.js";

/** Responds to ratings with this status, in place of the server. */
const respond = (page, status) =>
  page.route("**/Feedback.json", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status, headers: { "Access-Control-Allow-Origin": "*" }, json: { status, message: "a test" } })
      : route.fallback(),
  );

const rateLow = async (page, form) => {
  await mouseClick(page, form.drawnStar(2));
  await mouseClick(page, form.issue("The call cut out"));
};

const sendLow = async (page, form) => {
  await rateLow(page, form);
  await form.send.click();
};

/** The states of the form: the attributes of the element, the steps to the state, and a text that it then shows. */
export const STATES = {
  empty: {},
  "star missing": { reach: (_, form) => form.send.click(), shows: "Please choose a star first" },
  low: { reach: rateLow, shows: "What went wrong?" },
  "four stars": { reach: (page, form) => mouseClick(page, form.drawnStar(4)), shows: "What could have been better?" },
  "five stars": { reach: (page, form) => mouseClick(page, form.drawnStar(5)), shows: "Great" },
  "comment near its limit": {
    async reach(page, form) {
      await rateLow(page, form);
      await form.comment.fill("It broke off. ".repeat(70));
    },
    shows: "21 characters left",
  },
  "comment too long": {
    async reach(page, form) {
      await rateLow(page, form);
      await form.comment.fill("It broke off. ".repeat(72));
      await form.send.click();
    },
    shows: "The comment is too long. Please shorten it.",
  },
  "issue missing": {
    attributes: 'require-issue="3"',
    async reach(page, form) {
      await mouseClick(page, form.drawnStar(2));
      await form.send.click();
    },
    shows: "Please choose at least one",
  },
  "about to be sent": {
    attributes: "auto-send",
    async reach(page, form) {
      // The timer of auto-send never fires, so that the state lasts.
      await page.evaluate(() => {
        const real = globalThis.setTimeout;
        globalThis.setTimeout = (run, ms) => (ms === 3000 ? 0 : real(run, ms));
      });
      await mouseClick(page, form.drawnStar(5));
    },
    shows: "Your rating will be sent in a moment.",
  },
  sending: {
    async reach(page, form) {
      await page.route("**/Feedback.json", () => {});
      await sendLow(page, form);
    },
    shows: "Sending…",
  },
  refused: {
    async reach(page, form) {
      await respond(page, 403);
      await sendLow(page, form);
    },
    shows: "This call can no longer be rated.",
    complaints: 1,
  },
  queued: {
    async reach(page, form) {
      await respond(page, 503);
      await sendLow(page, form);
    },
    shows: "Saved here. It will be sent as soon as possible.",
    complaints: 1,
  },
  sent: {
    reach: sendLow,
    shows: "Thank you. Your rating was sent.",
  },
  "changing a rating": {
    async reach(page, form) {
      await sendLow(page, form);
      await page.getByRole("button", { name: "Change rating" }).click();
    },
    shows: "What went wrong?",
  },
  "dismissible and opt-out": { attributes: "dismissible opt-out", reach: rateLow, shows: "Don’t ask again" },
  "sent, with Close": {
    attributes: "dismissible opt-out",
    reach: sendLow,
    shows: "Close",
  },
};
