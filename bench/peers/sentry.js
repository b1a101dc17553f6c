// Sentry's feedback form: one field for words and nothing to choose. It posts to Sentry's kind of endpoint.
import { feedbackIntegration, getFeedback, init } from '@sentry/browser';

import { WORDS, place } from './form.js';

init({
  dsn: place.dataset.dsn,
  integrations: [
    feedbackIntegration({
      autoInject: false,
      showBranding: false,
      showName: false,
      showEmail: false,
      enableScreenshot: false,
      formTitle: WORDS.question,
      submitButtonLabel: WORDS.send,
      successMessageText: WORDS.thanks,
    }),
  ],
});

const form = await getFeedback().createForm();
form.appendToDom();
form.open();
