// Each setting is changed on the page, and its effect checked through the API.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { beforeEach, test } from "node:test";
import { promisify } from "node:util";

import { Account } from "../lib/api.js";
import { assertAccessible, assertFitsWidth, assertQuiet, hold, isFocused, newPage, tabTo } from "../lib/browser.js";
import { signIn, widget } from "../lib/pages.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

let account, page;

setUp({}, () => {
  account = server.account;
});
beforeEach(async () => {
  page = await newPage(await browser.newContext({ viewport: { width: 1280, height: 900 } }));
  await signIn(page, account);
});

const section = (name) => page.getByRole("region", { name, exact: true });
const save = (name) => section(name).getByRole("button", { name: "Save" }).click();
const saved = (name, text = "Saved.") => section(name).getByText(text, { exact: true }).waitFor();
const confirm = (name) => page.getByRole("dialog").getByRole("button", { name, exact: true }).click();

async function open(context = page) {
  await context.goto(`${server.endpoint}/settings`);
  await context.getByRole("heading", { name: "Subaccounts" }).waitFor();
}

/** Sends a request to an account, with the credentials `as`; both are the main account by default. */
async function send(method, path, { as = account, of = account.sid, json } = {}) {
  const { status, text } = await as.request(method, `/v1/accounts/${of}${path}`, { json });
  return { status, body: text && JSON.parse(text) };
}
const settings = async () => (await send("GET", "")).body;

/** Takes the sid and the secret that a section shows once, and returns them as credentials. */
async function takeSecret(name) {
  const panel = section(name).locator(".secret");
  await panel.waitFor();
  const [sid, secret] = await panel.locator("pre").allInnerTexts();
  await panel.getByRole("button", { name: "I have copied it" }).click();
  await panel.waitFor({ state: "hidden" });
  return new Account(server.endpoint, sid, secret);
}

test("the name is changed, on the page and in its header", async () => {
  await open();
  const name = section("Account").getByLabel("Name");
  await name.fill("");
  await save("Account");
  await section("Account").getByRole("alert").filter({ hasText: "1 to 255 characters" }).waitFor();
  assert.equal(await name.getAttribute("aria-invalid"), "true");
  await name.fill("Sales & <b>service</b>");
  await name.press("Enter");
  await saved("Account");
  assert.equal((await settings()).name, "Sales & <b>service</b>");
  assert.equal(await page.locator(".account").innerText(), "Sales & <b>service</b>");
  assertQuiet(page);
});

test("a key is created with scopes, works, and is refused once it is revoked", async () => {
  await open();
  const keys = section("API keys");
  await keys.getByRole("button", { name: "Create key" }).click();
  await keys.getByRole("alert").filter({ hasText: "at least one" }).waitFor();
  await keys.getByLabel("Name (optional)").fill("Phone system");
  await keys.getByRole("checkbox", { name: "read" }).check();
  await keys.getByRole("button", { name: "Create key" }).click();
  const as = await takeSecret("API keys");
  assert.equal((await send("GET", "/subaccounts", { as })).status, 200);
  assert.equal((await send("POST", "/calls", { as, json: {} })).status, 403, "the key has no other scope");
  await open();
  assert.equal(await page.getByText(as.authToken).count(), 0, "the secret is shown once");

  const revoke = keys.getByRole("button", { name: "Revoke Phone system" });
  await revoke.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Revoke Phone system?" }).waitFor();
  await page.keyboard.press("Escape");
  await waitFor("the focus to return", () => isFocused(revoke));
  assert.equal((await send("GET", "/subaccounts", { as })).status, 200, "Escape does not revoke");
  await revoke.click();
  await assertAccessible(page);
  await confirm("Revoke");
  await saved("API keys", "Phone system was revoked.");
  assert.equal((await send("GET", "/subaccounts", { as })).status, 401);
  await revoke.waitFor({ state: "detached" });
  assert.ok(await isFocused(keys.getByRole("heading", { name: "API keys" })));
  assertQuiet(page);
});

test("only listed websites may rate, and without a list every website may", async () => {
  await open();
  const token = await account.ratingToken({ call: "from a page" });
  const rate = async (origin) => {
    const path = `/2010-04-01/Accounts/${account.sid}/Calls/from%20a%20page/Feedback.json`;
    const headers = { Authorization: `Bearer ${token}`, Origin: origin };
    return (
      await fetch(server.endpoint + path, { method: "POST", headers, body: new URLSearchParams({ QualityScore: 4 }) })
    ).ok;
  };
  assert.equal(await rate("https://other.example"), true);
  const origins = section("Allowed websites");
  const field = origins.getByLabel("Website", { exact: true });
  await field.fill("phone.example");
  await field.press("Enter");
  await origins.getByRole("alert").filter({ hasText: "https://phone.example" }).waitFor();
  assert.equal(await field.inputValue(), "phone.example", "the input stays");
  for (const typed of ["https://Phone.example/softphone?tab=1", "http://localhost:3000"]) {
    await field.fill(typed);
    await field.press("Enter");
    await waitFor("the field to be empty", async () => (await field.inputValue()) === "");
  }
  await field.fill("http://localhost:3000/");
  await field.press("Enter");
  await origins.getByRole("alert").filter({ hasText: "http://localhost:3000 is already in the list." }).waitFor();
  assert.deepEqual((await settings()).allowed_origins, ["https://phone.example", "http://localhost:3000"]);
  assert.deepEqual([await rate("https://other.example"), await rate("https://phone.example")], [false, true]);

  await origins.getByRole("button", { name: "Remove http://localhost:3000" }).click();
  await saved("Allowed websites", "http://localhost:3000 was removed.");
  await origins.getByRole("button", { name: "Remove https://phone.example" }).click();
  await page.getByRole("dialog").getByText("every website may send ratings").waitFor();
  await confirm("Remove");
  await saved("Allowed websites", "https://phone.example was removed.");
  assert.equal(await rate("https://other.example"), true);
  assertQuiet(page);
});

test("the server’s error is shown at the field", async () => {
  const allowed_origins = Array.from({ length: 100 }, (_, i) => `https://${i}.example`);
  assert.equal((await send("PATCH", "", { json: { allowed_origins } })).status, 200);
  await open();
  const field = section("Allowed websites").getByLabel("Website", { exact: true });
  await field.fill("https://one-more.example");
  await field.press("Enter");
  await section("Allowed websites")
    .getByRole("alert")
    .filter({ hasText: "at most 100 entries are allowed, got 101" })
    .waitFor();
  assert.equal(await field.getAttribute("aria-describedby"), "origin-problem");
  assert.equal(await field.inputValue(), "https://one-more.example");
  await assertAccessible(page);
  assert.equal((await send("PATCH", "", { json: { allowed_origins: [] } })).status, 200);
});

test("the time zone changes the hours of the overview", async () => {
  await account.report([{ call: "tokyo", started_at: "2024-03-04T09:30:00Z" }]);
  await account.rate("tokyo", { score: 4 });
  await open();
  const zone = section("Time zone").getByLabel("Time zone");
  assert.ok((await zone.locator("option").count()) > 300, "every zone that the browser knows");
  await zone.selectOption("Asia/Tokyo");
  await save("Time zone");
  await saved("Time zone");
  assert.equal((await settings()).time_zone, "Asia/Tokyo");
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByText("Days and hours in Asia/Tokyo").waitFor();
  await page.goto(`${server.endpoint}/?from=2024-03-04&to=2024-03-04`);
  await page.getByRole("button", { name: /^Monday 18:00: 1 rating/ }).waitFor();
  await send("PATCH", "", { json: { time_zone: "UTC" } });
  assertQuiet(page);
});

test("the share of calls to ask about is in the snippet and in frames", async () => {
  await open();
  const share = section("Sampling").getByLabel("Share of calls, in per cent");
  await share.fill("101");
  await save("Sampling");
  await section("Sampling").getByRole("alert").filter({ hasText: "0 to 100" }).waitFor();
  await share.fill("12.5");
  await save("Sampling");
  await saved("Sampling");
  assert.equal((await settings()).sample, 0.125);
  await section("Embed the widget").getByText('<ringback-rating sample="0.125" token="').waitFor();
  assert.match(
    await (await fetch(`${server.endpoint}/frame/${account.sid}`)).text(),
    /<ringback-rating sample="0\.125">/,
  );
  await send("PATCH", "", { json: { sample: 1 } });
  assertQuiet(page);
});

test("the snippet works unchanged, and its call is labelled as a trial", async () => {
  await open();
  const embed = section("Embed the widget");
  const shown = embed.locator("pre").first();
  await waitFor("the token", async () => (await shown.innerText()).includes('token="ey'));
  await embed.getByRole("button", { name: "Show the widget" }).click();
  await widget(page).star(4).waitFor();
  await assertAccessible(page);
  const token = (await shown.innerText()).match(/token="([^"]+)"/)[1];
  const { call, sub } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  assert.equal(sub, account.sid, "the token is of this account");
  await widget(page).star(4).check({ force: true });
  await widget(page).send.click();
  await embed.getByText("The rating arrived: 4 stars.").waitFor();
  assert.equal((await account.rating(call)).score, 4);
  const found = await account.find({ label: "trial:settings" });
  assert.deepEqual(
    found.map((one) => one.call),
    [call],
  );

  await embed.getByRole("button", { name: "Try another call" }).click();
  await waitFor("another token", async () => !(await shown.innerText()).includes(token));
  await widget(page).star(2).waitFor();
  await widget(page).star(2).check({ force: true });
  await widget(page).send.click();
  await embed.getByText("The rating arrived: 2 stars.").waitFor();
  assert.equal((await account.find({ label: "trial:settings" })).length, 2);
  await embed.getByRole("link", { name: "See it in the overview" }).click();
  await page.locator(".call-list").waitFor();
  await waitFor("both trials", async () => (await page.locator(".call-list tbody tr").count()) === 2);
  assertQuiet(page);
});

test("the command for a backend works with a mint key", async () => {
  await open();
  const command = await section("Embed the widget").locator("pre").nth(1).innerText();
  const { body: key } = await send("POST", "/api-keys", { json: { scopes: ["mint"] } });
  const env = { ...process.env, KEY_SID: key.sid, KEY_SECRET: key.secret };
  const { stdout } = await promisify(execFile)("bash", ["-c", command.replace("curl", "curl --fail --silent")], {
    env,
  });
  assert.match(JSON.parse(stdout).token, /^ey/);
});

test("retention names the calls to delete, and deletes them after a confirmation", async () => {
  await account.report([{ call: "old", started_at: "2024-01-01T09:30:00Z" }]);
  await open();
  const days = section("Retention").getByLabel("Days");
  await days.fill("0");
  await save("Retention");
  await section("Retention").getByRole("alert").filter({ hasText: "from 1 to 65535" }).waitFor();
  await days.fill("30");
  await save("Retention");
  const dialog = page.getByRole("dialog", { name: /^Delete calls from before/ });
  await dialog.waitFor();
  await assertAccessible(page);
  await confirm("Cancel");
  assert.equal((await settings()).retention_days, null);
  assert.equal(await days.inputValue(), "30", "the input stays");
  await save("Retention");
  const first = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
  await confirm("Delete");
  await saved("Retention");
  assert.equal((await settings()).retention_days, 30);
  await waitFor("the old call to go", async () => (await send("GET", "/calls/old")).status === 404);
  assert.ok((await settings()).sealed_before >= first);
  // A longer retention needs no confirmation.
  await days.fill("");
  await save("Retention");
  await waitFor("calls to be kept", async () => (await settings()).retention_days === null);
  assert.equal(await page.getByRole("dialog").count(), 0);
  assertQuiet(page);
});

test("a subaccount is created, renamed, suspended and resumed", async () => {
  await open();
  const subaccounts = section("Subaccounts");
  await subaccounts.getByRole("button", { name: "Create subaccount" }).click();
  await subaccounts.getByRole("alert").filter({ hasText: "1 to 255 characters" }).waitFor();
  await subaccounts.getByLabel("Name", { exact: true }).fill("Support");
  await subaccounts.getByRole("button", { name: "Create subaccount" }).click();
  const as = await takeSecret("Subaccounts");
  const own = { as, of: as.sid };
  assert.equal((await send("GET", "", own)).body.name, "Support");

  await subaccounts.getByText("Rename").click();
  const row = subaccounts.locator("li", { hasText: as.sid });
  await row.getByRole("textbox", { name: "Name" }).fill("Help desk");
  await row.getByRole("button", { name: "Save" }).click();
  await row.getByText("Help desk", { exact: true }).waitFor();
  assert.equal((await send("GET", "", own)).body.name, "Help desk");

  await row.getByRole("button", { name: "Suspend Help desk" }).click();
  await confirm("Suspend");
  await saved("Subaccounts", "Help desk was suspended.");
  assert.equal((await send("GET", "", own)).status, 403);
  await row.getByRole("button", { name: "Resume Help desk" }).click();
  await saved("Subaccounts", "Help desk was resumed.");
  assert.equal((await send("GET", "", own)).status, 200);
  await assertAccessible(page);

  const child = await newPage(await browser.newContext());
  await signIn(child, as);
  await open(child);
  await child.getByText("This is a subaccount, which cannot have subaccounts.").waitFor();
  await assertAccessible(child);
  assertQuiet(child);
  assertQuiet(page);
});

test("a read key shows the settings, and why they cannot be changed", async () => {
  const { body: key } = await send("POST", "/api-keys", { json: { scopes: ["read"] } });
  await page.context().clearCookies();
  await signIn(page, new Account(server.endpoint, key.sid, key.secret));
  await open();
  await page.getByText("can read settings, but not change them").waitFor();
  await section("API keys").getByText("To see the keys, sign in").waitFor();
  for (const name of ["Save", "Add", /^Create/]) assert.equal(await page.getByRole("button", { name }).count(), 0);
  assert.ok(await section("Account").getByLabel("Name").isDisabled());
  await section("Embed the widget").getByText("To try it here").waitFor();
  await assertAccessible(page);
  assertQuiet(page);
});

test("the keyboard alone reaches the page and its settings, and a dialog returns the focus", async () => {
  await page.goto(`${server.endpoint}/`);
  await tabTo(page, page.getByRole("link", { name: "Settings" }));
  await page.keyboard.press("Enter");
  const heading = page.getByRole("heading", { name: "Settings", level: 1 });
  await waitFor("the focus on the heading", () => isFocused(heading));
  await page.getByRole("heading", { name: "Subaccounts" }).waitFor();
  await tabTo(page, section("Retention").getByLabel("Days"));
  await page.keyboard.type("90");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Enter");
  const days = section("Retention").getByLabel("Days");
  await waitFor("the focus to return", () => isFocused(days));
  assert.equal((await settings()).retention_days, null, "Enter chooses “Cancel”");
  await page.goBack();
  await page.getByRole("heading", { name: "Call quality" }).waitFor();
  assertQuiet(page);
});

test("the page shows that it is loading or cannot load, and keeps a change that fails", async () => {
  const request = await hold(page, "**/subaccounts", (route) => route.abort());
  await page.goto(`${server.endpoint}/settings`);
  await page.locator(".skeleton").waitFor();
  await assertAccessible(page);
  request.release();
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  await assertAccessible(page);
  await page.unroute("**/subaccounts");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Subaccounts" }).waitFor();
  // A change that fails stays in its field.
  await page.route(`**/accounts/${account.sid}`, (route) => route.abort());
  const share = section("Sampling").getByLabel("Share of calls, in per cent");
  await share.fill("50");
  await save("Sampling");
  await section("Sampling").getByRole("alert").filter({ hasText: "online" }).waitFor();
  assert.equal(await share.inputValue(), "50");
  await page.unroute(`**/accounts/${account.sid}`);
  await save("Sampling");
  await saved("Sampling");
  await send("PATCH", "", { json: { sample: 1 } });
});

test("the page works in German on a phone", async () => {
  const storageState = await page.context().storageState();
  const context = await browser.newContext({ locale: "de-AT", storageState, viewport: { width: 390, height: 844 } });
  const german = await newPage(context);
  await german.goto(`${server.endpoint}/settings`);
  await german.getByRole("heading", { name: "Unterkonten" }).waitFor();
  await assertAccessible(german);
  await assertFitsWidth(german);
  assertQuiet(german);
});
