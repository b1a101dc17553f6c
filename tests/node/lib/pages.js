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

/** The dashboard of the account that `page` is signed in to. */
export const dashboard = (page, endpoint) => {
  // Fixed for a test, so that midnight may pass while it runs.
  const day = offset => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const address = `${endpoint}/?from=${day(-2)}&to=${day(2)}`;
  const number = async label => {
    const text = await page.locator('dt', { hasText: new RegExp(`^${label}$`) }).locator('xpath=../dd').innerText();
    assert.match(text, /^\d[\d\s,.]*$/, `${label}: ${text}`);
    return Number(text.replace(/\D/g, ''));
  };
  return {
    signIn: async link => {
      await page.goto(link);
      await page.waitForURL(`${endpoint}/`);
    },
    /** Opens it anew and reads its figures. */
    figures: async () => {
      await page.goto(address);
      return { calls: await number('Calls'), asked: await number('Asked'), rated: await number('Rated') };
    },
  };
};
