// The same form with SurveyJS, its controls and its styles. It posts to Ringback.
import { Model } from "survey-core";
import style from "survey-core/survey-core.min.css";
import { renderSurvey } from "survey-js-ui";

import { ISSUES, place, send, WORDS } from "./form.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
document.adoptedStyleSheets.push(sheet);

const survey = new Model({
  showQuestionNumbers: false,
  completeText: WORDS.send,
  completedHtml: `<p role="status">${WORDS.thanks}</p>`,
  elements: [
    { type: "rating", name: "QualityScore", title: WORDS.question, rateType: "stars", rateMax: 5, isRequired: true },
    {
      type: "checkbox",
      name: "Issue",
      title: WORDS.issues,
      visibleIf: "{QualityScore} < 5",
      choices: ISSUES.map(([value, text]) => ({ value, text })),
    },
    { type: "comment", name: "Comment", title: WORDS.comment },
  ],
});
survey.onComplete.add(({ data }, { showSaveSuccess, showSaveError }) => {
  const answers = new URLSearchParams({ QualityScore: data.QualityScore, Comment: data.Comment ?? "" });
  for (const issue of data.Issue ?? []) answers.append("Issue", issue);
  send(answers).then(
    () => showSaveSuccess(WORDS.thanks),
    () => showSaveError(WORDS.failed),
  );
});
renderSurvey(survey, place);
