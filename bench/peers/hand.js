// The form written by hand, without a library.
import style from "./form.css";
import { ISSUES, place, SCORES, send, stars, WORDS } from "./form.js";

const star = (score) =>
  `<label class="star"><input type="radio" name="QualityScore" value="${score}" required aria-label="${stars(score)}">★</label>`;
const issue = ([value, words]) => `<label><input type="checkbox" name="Issue" value="${value}"> ${words}</label>`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
document.adoptedStyleSheets.push(sheet);

place.innerHTML = `<form>
  <fieldset class="stars"><legend>${WORDS.question}</legend>${SCORES.map(star).join("")}</fieldset>
  <fieldset class="issues" hidden><legend>${WORDS.issues}</legend>${ISSUES.map(issue).join("")}</fieldset>
  <label>${WORDS.comment}<textarea name="Comment" rows="2"></textarea></label>
  <button>${WORDS.send}</button>
</form><p role="status"></p>`;

const [form, status] = place.children;
form.addEventListener("change", () => {
  form.querySelector(".issues").hidden = !(form.QualityScore.value < 5);
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await send(new FormData(form));
    form.hidden = true;
    status.textContent = WORDS.thanks;
  } catch {
    status.textContent = WORDS.failed;
  }
});
