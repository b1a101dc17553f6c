// The same form with React.
import { useState } from "react";
import { createRoot } from "react-dom/client";

import style from "./form.css";
import { ISSUES, SCORES, WORDS, place, send, stars } from "./form.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
document.adoptedStyleSheets.push(sheet);

function RatingForm() {
  const [score, setScore] = useState();
  const [status, setStatus] = useState("");
  const submit = async (event) => {
    event.preventDefault();
    try {
      await send(new FormData(event.target));
      setStatus(WORDS.thanks);
    } catch {
      setStatus(WORDS.failed);
    }
  };
  return (
    <>
      {status !== WORDS.thanks && (
        <form onSubmit={submit}>
          <fieldset className="stars">
            <legend>{WORDS.question}</legend>
            {SCORES.map((value) => (
              <label className="star" key={value}>
                <input
                  type="radio"
                  name="QualityScore"
                  value={value}
                  required
                  aria-label={stars(value)}
                  checked={value === score}
                  onChange={() => setScore(value)}
                />
                ★
              </label>
            ))}
          </fieldset>
          {score < 5 && (
            <fieldset>
              <legend>{WORDS.issues}</legend>
              {ISSUES.map(([value, words]) => (
                <label key={value}>
                  <input type="checkbox" name="Issue" value={value} /> {words}
                </label>
              ))}
            </fieldset>
          )}
          <label>
            {WORDS.comment}
            <textarea name="Comment" rows="2" />
          </label>
          <button>{WORDS.send}</button>
        </form>
      )}
      <p role="status">{status}</p>
    </>
  );
}

createRoot(place).render(<RatingForm />);
