// A softphone with React 19.
import { useState } from "react";
import { createRoot } from "react-dom/client";
import type { Rating } from "ringback-rating";
import type {} from "ringback-rating/react";
import "ringback-rating/register";

interface Ended {
  endpoint: string;
  token: string;
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
      {ended && (
        <ringback-rating
          endpoint={ended.endpoint}
          token={ended.token}
          autoSend={false}
          opt-out={false}
          dismissible
          texts={{ question: "How was Bob?" }}
          onringback-submitted={({ detail }) => setScore(detail.score)}
        />
      )}
      <p role="log">{score && `Rated with ${score}`}</p>
    </main>
  );
}

createRoot(document.querySelector("#root") as Element).render(<Phone />);
