// For as long as the code makes a form of its own: that gets what was chosen, and the place of the painted one.

const settled = async () => {
  for (let i = 0; i < 50; i++) await 0;
};
const fieldsOf = (base) => [...base.querySelectorAll("input, textarea, button")];

export const carry = async (painted, pressed) => {
  const base = painted?.nextElementSibling;
  if (!base) return;
  await settled();
  const theirs = fieldsOf(base);
  const mine = fieldsOf(painted);
  mine.forEach(({ checked, value }, i) => {
    if (!(checked ?? value)) return;
    Object.assign(theirs[i], { checked, value });
    theirs[i].dispatchEvent(new Event("input", { bubbles: true }));
  });
  if (pressed) base.querySelector("form").requestSubmit();
  await settled();
  if (!base.isConnected) return;
  const index = mine.findIndex((field) => field.matches(":focus"));
  painted.remove();
  theirs[index]?.focus();
};
