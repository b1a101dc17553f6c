// A database with two accounts: one with a year of 10,000,000 ratings, and an empty one. It is created once a day,
// which takes some minutes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { Account } from "../../tests/node/lib/api.js";
import { assertCountsAgree, ringbackJson, Server } from "../../tests/node/lib/server.js";

/** One in five calls is not rated. */
const CALLS = 12_500_000;
const SCRIPT = new URL("../year.sql", import.meta.url);
const FOLDER = fileURLToPath(new URL("../../target/bench/", import.meta.url));

/** Starts a server on the database; returns `{ server, full, empty }` with the two accounts. */
export async function startWithYear() {
  const today = new Date().toISOString().slice(0, 10);
  const folder = `${FOLDER}year-to-${today}`;
  if (!existsSync(folder)) await create(folder, Date.parse(today) + 86_400_000);
  const { full, empty } = JSON.parse(await readFile(`${folder}/accounts.json`, "utf8"));
  const server = await Server.start({ folder });
  const account = ({ sid, authToken }) => new Account(server.endpoint, sid, authToken);
  return { server, full: account(full), empty: account(empty) };
}

async function create(folder, ended) {
  const unfinished = `${FOLDER}unfinished`;
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  console.log(`creating a year of ratings in ${folder}; this takes some minutes`);
  const full = await createAccount(unfinished, "A year");
  const empty = await createAccount(unfinished, "Nothing yet");
  await writeFile(`${unfinished}/accounts.json`, JSON.stringify({ full, empty }), { mode: 0o600 });
  const year = `CREATE TEMP TABLE year AS SELECT id AS account, ${ended} AS ended, ${CALLS} AS calls FROM accounts WHERE name = 'A year'`;
  const { error, stderr } = await sqlite(`${unfinished}/ringback.db`, year);
  assert.equal(error, null, stderr);
  await assertCountsAgree(unfinished, { seconds: 1800 });
  await rename(unfinished, folder);
}

async function createAccount(folder, name) {
  const { account_sid: sid, auth_token: authToken } = await ringbackJson(folder, ["account", "create", "--name", name]);
  return { sid, authToken };
}

/** Runs the script on the database, after the statement `year`, which creates the table that the script reads. */
const sqlite = (database, year) =>
  new Promise((resolve) => {
    const child = execFile("sqlite3", ["-bail", "-cmd", year, database], (error, _stdout, stderr) =>
      resolve({ error, stderr }),
    );
    createReadStream(SCRIPT).pipe(child.stdin);
  });
