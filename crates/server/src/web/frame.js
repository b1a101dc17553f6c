// The page at /frame/{AC}#token, in somebody else's page: shows the widget, and tells the page around it what happens.
const widget = document.querySelector('ringback-rating');
document.body.classList.add('framed');

// Browsers do not send what stands behind the #, so no log has the token.
const show = () => widget.setAttribute('token', location.hash.slice(1));
addEventListener('hashchange', show);
show();

// Who may be around this page is in its Content-Security-Policy.
const tell = (type, detail) => parent.postMessage({ type, detail }, '*');
const events = ['ready', 'asked', 'change', 'submitted', 'queued', 'dismissed', 'skipped', 'token-needed', 'error'];
for (const event of events) widget.addEventListener(`ringback-${event}`, ({ type, detail }) => tell(type, detail));
new ResizeObserver(() => tell('ringback-resize', { height: document.documentElement.scrollHeight })).observe(document.body);
