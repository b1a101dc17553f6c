// Sentry's feedback form: one text field and no choices. It posts to an endpoint like Sentry's.
import { feedbackIntegration, getFeedback, init } from "@sentry/browser";

import { place, WORDS } from "./form.js";

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
