// A fixed history of calls over two weeks, and a recount of it.

export const ISSUES = [
  "imperfect-audio",
  "dropped-call",
  "incorrect-caller-id",
  "post-dial-delay",
  "digits-not-captured",
  "unsolicited-call",
  "audio-latency",
  "one-way-audio",
];

/** The week that tests show, from Monday, and the week before, in UTC. */
export const THIS_WEEK = { from: "2024-03-04", to: "2024-03-10" };
export const LAST_WEEK = { from: "2024-02-26", to: "2024-03-03" };

/** The calls as they are reported, each with the rating that it then gets, if any. */
export function history() {
  const calls = [];
  const start = Date.parse(`${LAST_WEEK.from}T00:00:00Z`);
  for (let i = 0; i < 150; i++) {
    // Spread over the days and over 7:00 to 18:00, in no order.
    const day = (i * 5) % 14;
    const minutes = 7 * 60 + ((i * 97) % (11 * 60));
    const score = 1 + ((i * i + 3 * i + (day > 8 ? 1 : 0)) % 5);
    calls.push({
      call: `history-${i}`,
      started_at: new Date(start + day * 86_400_000 + minutes * 60_000).toISOString(),
      duration: 30 + i,
      direction: ["inbound", "outbound"][i % 3 === 0 ? 1 : 0],
      from: `+4930${1_000_000 + i}`,
      to: "+493055501",
      status: "completed",
      labels: { queue: ["sales", "support"][i % 2] },
      rating:
        i % 4 === 3
          ? undefined
          : {
              score,
              issues: score < 4 ? [...new Set([ISSUES[i % 8], ISSUES[(i * 3) % 8]])] : [],
              comment: i % 7 === 0 ? `Comment ${i}` : undefined,
            },
    });
  }
  return calls;
}

/** Reports the calls to an account, and rates those that have a rating. */
export async function load(account, calls) {
  await account.report(calls.map(({ rating, ...call }) => call));
  for (const { call, rating } of calls) if (rating) await account.rate(call, rating);
}

/** Recounts the calls of some days; the dashboard must show the same. */
export function recount(calls, { from, to }) {
  const within = calls.filter(({ started_at }) => started_at.slice(0, 10) >= from && started_at.slice(0, 10) <= to);
  const ratings = within.flatMap(({ rating }) => rating ?? []);
  const scores = ratings.map(({ score }) => score);
  const sum = scores.reduce((a, b) => a + b, 0);
  const mean = sum / scores.length;
  const deviation = Math.sqrt(scores.reduce((a, x) => a + (x - mean) ** 2, 0) / (scores.length - 1));
  return {
    within,
    calls: within.length,
    rated: ratings.length,
    average: mean,
    /** The standard error of the mean. */
    error: deviation / Math.sqrt(scores.length),
    withScore: (score) => scores.filter((x) => x === score).length,
    good: scores.filter((x) => x >= 4).length,
    bad: scores.filter((x) => x <= 2).length,
    withIssue: (issue, score) =>
      ratings.filter((r) => r.issues.includes(issue) && (!score || r.score === score)).length,
    onDay: (day) => within.filter(({ started_at }) => started_at.startsWith(day)),
    inHour: (weekday, hour) =>
      within.filter(({ started_at }) => {
        const at = new Date(started_at);
        return (at.getUTCDay() + 6) % 7 === weekday && at.getUTCHours() === hour;
      }),
  };
}
