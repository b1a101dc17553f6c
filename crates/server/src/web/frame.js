// The page at /frame/{AC}#token, which other sites embed: shows the widget and posts its events to the embedding page.
const widget = document.querySelector("ringback-rating");
document.body.classList.add("framed");

// Browsers do not send the fragment to the server, so the token appears in no log.
const show = () => widget.setAttribute("token", location.hash.slice(1));
addEventListener("hashchange", show);
show();

// The target origin can be "*", because the Content-Security-Policy decides which pages may embed this one.
const post = (type, detail) => parent.postMessage({ type, detail }, "*");
const events = ["ready", "asked", "change", "submitted", "queued", "dismissed", "skipped", "token-needed", "error"];
for (const event of events) widget.addEventListener(`ringback-${event}`, ({ type, detail }) => post(type, detail));
new ResizeObserver(() => post("ringback-resize", { height: document.documentElement.scrollHeight })).observe(
  document.body,
);
