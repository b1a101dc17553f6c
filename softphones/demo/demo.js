// A simulated softphone. A real one would copy only `rate`.

const RINGING_MS = 700;

const [status, dial, number, keys, talk, callee, timer, hangUp, ended, rating, again] = [
  "status",
  "dial",
  "number",
  "keys",
  "talk",
  "callee",
  "timer",
  "hang-up",
  "ended",
  "rating",
  "again",
].map((id) => document.getElementById(id));

let answeredAt;
let ticking;

/** Shows the rating form for the call that has just ended. */
async function rate(duration) {
  // A real softphone gets its token from its own backend. Here the server creates one for a simulated call.
  const response = await fetch("/demo/calls", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ duration, direction: "outbound" }),
  });
  if (!response.ok) throw new Error(`The server responded with ${response.status}.`);
  const { token } = await response.json();

  const element = document.createElement("ringback-rating");
  element.setAttribute("token", token);
  rating.replaceChildren(element);
  element.focus();
}

function show(section) {
  for (const other of [dial, talk, ended]) other.hidden = other !== section;
}

function seconds() {
  return Math.round((Date.now() - answeredAt) / 1000);
}

function tick() {
  const pad = (value) => String(value).padStart(2, "0");
  timer.textContent = `${pad(Math.floor(seconds() / 60))}:${pad(seconds() % 60)}`;
}

function answered() {
  answeredAt = Date.now();
  status.textContent = "Connected";
  hangUp.textContent = "Hang up";
  ticking = setInterval(tick, 1000);
}

function start() {
  answeredAt = undefined;
  timer.textContent = "00:00";
  status.textContent = "Ringing…";
  callee.textContent = number.value;
  hangUp.textContent = "Cancel";
  ticking = setTimeout(answered, RINGING_MS);
  show(talk);
  hangUp.focus();
}

function idle() {
  status.textContent = "";
  show(dial);
  number.focus();
}

dial.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});

keys.addEventListener("click", (event) => {
  if (event.target.value) number.value += event.target.value;
});

hangUp.addEventListener("click", async () => {
  clearInterval(ticking);
  // Nobody answered, so there is nothing to rate.
  if (!answeredAt) return idle();
  status.textContent = "Call ended";
  rating.replaceChildren();
  show(ended);
  again.focus();
  try {
    await rate(seconds());
  } catch (error) {
    status.textContent = `This call cannot be rated. ${error.message}`;
  }
});

again.addEventListener("click", idle);
rating.addEventListener("ringback-error", ({ detail }) => console.warn("ringback-error", detail));
