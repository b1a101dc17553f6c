// A softphone with React 18, which knows attributes of elements only: a ref connects the rest.
import { useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import type { Rating, RingbackRating } from "ringback-rating";
import type {} from "ringback-rating/react-18";
import "ringback-rating/register";

interface Ended {
  endpoint: string;
  token: string;
}

function Survey({ endpoint, token, onScore }: Ended & { onScore: (score: Rating["score"]) => void }) {
  const element = useRef<RingbackRating>(null);
  useEffect(() => {
    const { current } = element;
    // The texts come before the token, which shows the form.
    if (current) Object.assign(current, { texts: { question: "How was Bob?" }, token });
    const listeners = new AbortController();
    current?.addEventListener("ringback-submitted", ({ detail }) => onScore(detail.score), {
      signal: listeners.signal,
    });
    return () => listeners.abort();
  }, [token, onScore]);
  return (
    <ringback-rating
      ref={element}
      endpoint={endpoint}
      auto-send={false}
      opt-out={false}
      dismissible
    />
  );
}

function Phone() {
  const [ended, setEnded] = useState<Ended>();
  const [score, setScore] = useState<Rating["score"]>();
  const hangUp = async () => setEnded(await (await fetch("call.json")).json());
  return (
    <main>
      <h1>Phone</h1>
      <button type="button" onClick={hangUp}>
        Hang up
      </button>
      {ended && <Survey {...ended} onScore={setScore} />}
      <p role="log">{score && `Rated with ${score}`}</p>
    </main>
  );
}

createRoot(document.querySelector("#root") as Element).render(<Phone />);
