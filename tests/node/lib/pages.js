// Page objects, which find elements by their role and text rather than by the structure of the page.
import assert from "node:assert/strict";

/** The demo page, `/demo`, which imitates a softphone. */
export const softphone = (page) => ({
  call: page.getByRole("button", { name: /^call$/i }),
  /** Appears once the call is answered. */
  hangUp: page.getByRole("button", { name: /^hang up$/i }),

  /** Ends the call by `hangUp` and returns the server's response: `{ token, call_sid, account_sid, call }`. */
  async ended(hangUp) {
    const [response] = await Promise.all([
      page.waitForResponse((response) => new URL(response.url()).pathname === "/demo/calls"),
      hangUp(),
    ]);
    assert.ok(response.ok(), `POST /demo/calls: ${response.status()}`);
    return response.json();
  },
});

/** The widget on any page. */
export const widget = (page) => ({
  stars: page.getByRole("radio"),
  star: (score) => page.getByRole("radio", { name: new RegExp(`^${score} star`) }),
  /** The visible star, which the mouse clicks. */
  drawnStar: (score) => page.locator("label", { has: page.getByRole("radio", { name: new RegExp(`^${score} star`) }) }),
  issue: (name) => page.getByRole("checkbox", { name }),
  comment: page.getByRole("textbox", { name: /anything else/i }),
  send: page.getByRole("button", { name: /^send$/i }),
  thanks: page.getByRole("status").filter({ hasText: /thank you/i }),
});

/** The cookies of the latest session of each account. */
const sessions = new Map();

/** Signs in to an account's dashboard; reuses the latest session if it is still valid, because attempts are limited. */
export async function signIn(page, account) {
  const context = page.context();
  const address = `${account.endpoint}/v1/session`;
  const key = `${address} ${account.sid}`;
  await context.addCookies(sessions.get(key) ?? []);
  if ((await context.request.get(address)).ok()) return;
  const data = { username: account.sid, password: account.authToken };
  const response = await context.request.post(address, { data });
  assert.equal(response.status(), 200, await response.text());
  sessions.set(key, await context.cookies());
}

/** Fills in the sign-in form and submits it. */
export async function fillSignIn(page, account) {
  await page.getByLabel("Account SID or API key SID").fill(account.sid);
  await page.getByLabel("AuthToken or API key secret").fill(account.authToken);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** The dashboard of the account that `page` is signed in to. */
export const dashboard = (page, endpoint) => {
  // Fixed at the start of the test, so that the range does not change at midnight.
  const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const address = `${endpoint}/?from=${day(-2)}&to=${day(2)}`;
  /** The numbers below the figure of the tile with this label. */
  const numbers = async (label) => {
    const text = await page
      .locator(".tile", { has: page.getByText(label, { exact: true }) })
      .locator(".detail")
      .innerText();
    const found = text.match(/\d[\d,]*/g);
    assert.ok(found, `${label}: ${text}`);
    return found.map((number) => Number(number.replaceAll(",", "")));
  };
  /** The figure of the tile with this label. */
  const numberOf = async (label) => {
    const tile = page.locator(".tile", { has: page.getByText(label, { exact: true }) });
    return Number((await tile.locator(".figure").innerText()).replaceAll(",", ""));
  };
  return {
    signIn: async (link) => {
      await page.goto(link);
      await page.waitForURL(`${endpoint}/`);
    },
    /** Opens the dashboard and reads its figures. */
    figures: async () => {
      await page.goto(address);
      const [rated, asked] = await numbers("Response rate");
      return { calls: await numberOf("Calls"), asked, rated };
    },
  };
};
