// The page at /frame/{AC}#token, which other sites embed: shows the widget and posts its events to the embedding page.
const widget = document.querySelector("ringback-rating");

// Browsers do not send the fragment to the server, so the token appears in no log.
const show = () => widget.setAttribute("token", location.hash.slice(1));
addEventListener("hashchange", show);
show();

// The target origin can be "*", because the Content-Security-Policy decides which pages may embed this one.
const post = (type, detail) => parent.postMessage({ type, detail }, "*");
const events = ["ready", "asked", "change", "submitted", "queued", "dismissed", "skipped", "token-needed", "error"];
for (const event of events) widget.addEventListener(`ringback-${event}`, ({ type, detail }) => post(type, detail));
// The height of the body, because the root element is never lower than the frame.
const height = () => Math.ceil(document.body.getBoundingClientRect().height);
new ResizeObserver(() => post("ringback-resize", { height: height() })).observe(document.body);
