// The pages of the product as a person uses them: found by what they say, not by how they are built.
import assert from 'node:assert/strict';

/** The demo page, `/demo`, a make-believe softphone. */
export const softphone = page => ({
  call: page.getByRole('button', { name: /^call$/i }),
  /** Appears once the call was answered. */
  hangUp: page.getByRole('button', { name: /^hang up$/i }),

  /** The call that `hangUp` ended, as the server told the page: `{ token, call_sid, account_sid, call }`. */
  async ended(hangUp) {
    const [response] = await Promise.all([
      page.waitForResponse(response => new URL(response.url()).pathname === '/demo/calls'),
      hangUp(),
    ]);
    assert.ok(response.ok(), `POST /demo/calls: ${response.status()}`);
    return response.json();
  },
});

/** The widget, wherever it is embedded. */
export const widget = page => ({
  stars: page.getByRole('radio'),
  star: score => page.getByRole('radio', { name: new RegExp(`^${score} star`) }),
  /** What a mouse can hit of a star. */
  drawnStar: score => page.locator('label', { has: page.getByRole('radio', { name: new RegExp(`^${score} star`) }) }),
  issue: name => page.getByRole('checkbox', { name }),
  comment: page.getByRole('textbox', { name: /anything else/i }),
  send: page.getByRole('button', { name: /^send$/i }),
  thanks: page.getByRole('status').filter({ hasText: /thank you/i }),
});

/** The cookies of the session that began last, by the account's address. */
const sessions = new Map();

/** Signs the browser of `page` in to an account's dashboard; with the last session if that lasts, since tries are limited. */
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

/** The dashboard of the account that `page` is signed in to. */
export const dashboard = (page, endpoint) => {
  // Fixed for a test, so that midnight may pass while it runs.
  const day = offset => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const address = `${endpoint}/?from=${day(-2)}&to=${day(2)}`;
  /** The numbers that the tile with this label says below its figure. */
  const numbers = async label => {
    const text = await page.locator('.tile', { has: page.getByText(label, { exact: true }) }).locator('.detail').innerText();
    const found = text.match(/\d[\d,]*/g);
    assert.ok(found, `${label}: ${text}`);
    return found.map(number => Number(number.replaceAll(',', '')));
  };
  /** The figure of the tile with this label. */
  const numberOf = async label => {
    const tile = page.locator('.tile', { has: page.getByText(label, { exact: true }) });
    return Number((await tile.locator('.figure').innerText()).replaceAll(',', ''));
  };
  return {
    signIn: async link => {
      await page.goto(link);
      await page.waitForURL(`${endpoint}/`);
    },
    /** Opens it anew and reads its figures. */
    figures: async () => {
      await page.goto(address);
      const [rated, asked] = await numbers('Response rate');
      return { calls: await numberOf('Calls'), asked, rated };
    },
  };
};
