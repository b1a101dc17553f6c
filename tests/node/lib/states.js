import { mouseClick } from './browser.js';

/** Answers what is posted as a rating with this, before the server sees it. */
const answer = (page, status) =>
  page.route('**/Feedback.json', route =>
    route.request().method() === 'POST'
      ? route.fulfill({ status, headers: { 'Access-Control-Allow-Origin': '*' }, json: { message: 'a test' } })
      : route.fallback(),
  );

const low = async (page, form) => {
  await mouseClick(page, form.drawnStar(2));
  await mouseClick(page, form.issue('The call cut out'));
};

/** What the form can look like: the attributes that it takes, how a person gets there, and what is then seen. */
export const STATES = {
  empty: {},
  'no star': { go: (page, form) => form.send.click(), shows: 'Please choose a star first' },
  low: { go: low, shows: 'What went wrong?' },
  'four stars': { go: (page, form) => mouseClick(page, form.drawnStar(4)), shows: 'What could have been better?' },
  'five stars': { go: (page, form) => mouseClick(page, form.drawnStar(5)), shows: 'Great' },
  'comment near its end': {
    async go(page, form) {
      await low(page, form);
      await form.comment.fill('It broke off. '.repeat(70));
    },
    shows: '21 characters left',
  },
  'comment too long': {
    async go(page, form) {
      await low(page, form);
      await form.comment.fill('It broke off. '.repeat(72));
      await form.send.click();
    },
    shows: 'The comment is too long. Please shorten it.',
  },
  'issue missing': {
    attributes: 'require-issue="3"',
    async go(page, form) {
      await mouseClick(page, form.drawnStar(2));
      await form.send.click();
    },
    shows: 'Please choose at least one',
  },
  'sent soon': {
    attributes: 'auto-send',
    async go(page, form) {
      // It stays like this.
      await page.evaluate(() => {
        const real = globalThis.setTimeout;
        globalThis.setTimeout = (run, ms) => (ms === 3000 ? 0 : real(run, ms));
      });
      await mouseClick(page, form.drawnStar(5));
    },
    shows: 'Your rating will be sent in a moment.',
  },
  sending: {
    async go(page, form) {
      await page.route('**/Feedback.json', () => {});
      await low(page, form);
      await form.send.click();
    },
    shows: 'Sending…',
  },
  refused: {
    async go(page, form) {
      await answer(page, 403);
      await low(page, form);
      await form.send.click();
    },
    shows: 'This call can no longer be rated.',
    complaints: 1,
  },
  queued: {
    async go(page, form) {
      await answer(page, 503);
      await low(page, form);
      await form.send.click();
    },
    shows: 'Saved here. It will be sent as soon as possible.',
    complaints: 1,
  },
  sent: {
    async go(page, form) {
      await low(page, form);
      await form.send.click();
    },
    shows: 'Thank you. Your rating was sent.',
  },
  changed: {
    async go(page, form) {
      await low(page, form);
      await form.send.click();
      await page.getByRole('button', { name: 'Change rating' }).click();
    },
    shows: 'What went wrong?',
  },
  'ways to say no': { attributes: 'dismissible opt-out', go: low, shows: 'Don’t ask again' },
  'sent, to be closed': {
    attributes: 'dismissible opt-out',
    async go(page, form) {
      await low(page, form);
      await form.send.click();
    },
    shows: 'Close',
  },
};
