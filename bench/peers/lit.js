// The same form as a Lit element.
import { html, LitElement, nothing } from "lit";

import style from "./form.css";
import { ISSUES, place, SCORES, send, stars, WORDS } from "./form.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
document.adoptedStyleSheets.push(sheet);

class RatingForm extends LitElement {
  static properties = { score: { state: true }, status: { state: true } };

  // Renders into the page instead of a shadow root, as the other forms do.
  createRenderRoot() {
    return this;
  }

  async submit(event) {
    event.preventDefault();
    try {
      await send(new FormData(event.target));
      this.status = WORDS.thanks;
    } catch {
      this.status = WORDS.failed;
    }
  }

  render() {
    const star = (score) => html`<label class="star"
      ><input type="radio" name="QualityScore" value=${score} required aria-label=${stars(score)} @change=${() => (this.score = score)} />★</label
    >`;
    const issue = ([value, words]) =>
      html`<label><input type="checkbox" name="Issue" value=${value} /> ${words}</label>`;
    const form = html`<form @submit=${this.submit}>
      <fieldset class="stars"><legend>${WORDS.question}</legend>${SCORES.map(star)}</fieldset>
      ${this.score < 5 ? html`<fieldset><legend>${WORDS.issues}</legend>${ISSUES.map(issue)}</fieldset>` : nothing}
      <label>${WORDS.comment}<textarea name="Comment" rows="2"></textarea></label>
      <button>${WORDS.send}</button>
    </form>`;
    return html`${this.status === WORDS.thanks ? nothing : form}
      <p role="status">${this.status}</p>`;
  }
}

customElements.define("rating-form", RatingForm);
place.append(document.createElement("rating-form"));
