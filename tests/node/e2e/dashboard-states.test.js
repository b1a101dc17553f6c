// The overview without data, without a session and without permission.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { beforeEach, test } from "node:test";
import { promisify } from "node:util";

import { assertAccessible, assertQuiet, assertQuietExcept, hold, isFocused, newPage } from "../lib/browser.js";
import { fillSignIn, signIn } from "../lib/pages.js";
import { ringback } from "../lib/server.js";
import { browser, server, setUp } from "../lib/setup.js";
import { waitFor } from "../lib/wait.js";

let account, page;

setUp({}, () => {
  account = server.account;
});
beforeEach(async () => {
  page = await newPage(await browser.newContext());
  await signIn(page, account);
});

test("the command on the empty page sends the first rating, which then appears", async () => {
  await page.goto(`${server.endpoint}/`);
  const shown = page.locator(".copied pre");
  await waitFor("the token in the command", async () => (await shown.innerText()).includes("Bearer ey"));
  const command = await shown.innerText();
  await page.getByText("Live", { exact: true }).waitFor();
  await assertAccessible(page);
  await promisify(execFile)("bash", ["-c", command.replace("curl ", "curl --fail --silent --show-error ")]);
  await page.getByText("My first rating", { exact: true }).waitFor();
  await page.getByRole("heading", { name: "How calls were rated" }).waitFor();
  await assertAccessible(page);
  assertQuiet(page);
});

test("a skeleton keeps the place while the figures load", async () => {
  const request = await hold(page, "**/stats?*");
  await page.goto(`${server.endpoint}/`);
  await page.locator(".skeleton").waitFor();
  await assertAccessible(page);
  request.release();
  await page.getByRole("heading", { name: "How calls were rated" }).waitFor();
  assert.equal(await page.locator(".skeleton").count(), 0);
});

test("a session that ends leads to the sign-in form and from there back to the same place", async () => {
  await page.goto(`${server.endpoint}/`);
  await page.locator(".call-list").waitFor();
  await page.context().clearCookies();
  await page.getByRole("button", { name: "7 days" }).click();
  await page.getByText("Your session has ended.").waitFor();
  await assertAccessible(page);
  const url = page.url();
  await fillSignIn(page, account);
  const heading = page.getByRole("heading", { name: "Call quality" });
  await heading.waitFor();
  assert.equal(page.url(), url);
  assert.ok(await isFocused(heading), "the focus is on the heading");
  assert.equal(await page.getByRole("button", { name: "7 days" }).getAttribute("aria-pressed"), "true");
  assertQuietExcept(page, /status of 401 /);
});

test("a suspended account sees a message and no figures", async () => {
  await page.goto(`${server.endpoint}/`);
  await page.locator(".call-list").waitFor();
  assert.equal((await ringback(server.folder, ["account", "suspend", account.sid])).code, 0);
  await page.getByRole("button", { name: "7 days" }).click();
  await page.getByRole("heading", { name: "Access denied" }).waitFor();
  await assertAccessible(page);
  assert.equal((await ringback(server.folder, ["account", "resume", account.sid])).code, 0);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".call-list").waitFor();
  assertQuietExcept(page, /status of 403 /);
});

test("too many attempts to sign in show how long to wait", async () => {
  await page.context().clearCookies();
  await page.goto(`${server.endpoint}/`);
  await page.getByLabel("Account SID or API key SID").fill(account.sid);
  const button = page.getByRole("button", { name: "Sign in" });
  const alert = page.getByRole("alert");
  await waitFor("the limit", async () => {
    await page.getByLabel("AuthToken or API key secret").fill("wrong");
    await Promise.all([page.waitForResponse("**/v1/session"), button.click()]);
    await alert.filter({ hasText: /./ }).waitFor();
    return /^Too many attempts\. Try again in \d+ s\.$/.test(await alert.innerText());
  });
  await assertAccessible(page);
  assert.equal(await page.getByLabel("Account SID or API key SID").inputValue(), account.sid, "the input stays");
});
