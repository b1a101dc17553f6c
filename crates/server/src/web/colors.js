// Applies the colours in the page's address: `accent=2457d6` sets the widget's `--ringback-accent`. The page's policy
// forbids inline styles but not this.
const COLORS = "surface text muted accent on-accent tint line edge star star-edge problem".split(" ");
const widget = document.querySelector("ringback-rating");
const address = new URLSearchParams(location.search);
for (const name of COLORS) {
  const color = address.get(name);
  if (color === null) continue;
  if (/^(?:[\da-f]{3}|[\da-f]{6})$/i.test(color)) widget.style.setProperty(`--ringback-${name}`, `#${color}`);
  else console.warn(`Ringback: ${name} must be a colour of 3 or 6 hexadecimal digits such as 2457d6; got "${color}"`);
}
const theme = address.get("theme");
if (theme !== null && theme !== "light" && theme !== "dark")
  console.warn(`Ringback: theme must be light or dark; got "${theme}"`);
