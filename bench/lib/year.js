// A database with a year of 10,000,000 ratings in one account, and nothing in another; made once a day, in some minutes.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { Account } from '../../tests/node/lib/api.js';
import { Server, assertCountsAgree, ringbackJson } from '../../tests/node/lib/server.js';

/** One in five is not rated. */
const CALLS = 12_500_000;
const SCRIPT = new URL('../year.sql', import.meta.url);
const KEPT = fileURLToPath(new URL('../../target/bench/', import.meta.url));

/** Starts a server on it: `{ server, full, empty }` with the two accounts. */
export async function startWithYear() {
  const today = new Date().toISOString().slice(0, 10);
  const folder = `${KEPT}year-to-${today}`;
  if (!existsSync(folder)) await make(folder, Date.parse(today) + 86_400_000);
  const { full, empty } = JSON.parse(await readFile(`${folder}/accounts.json`, 'utf8'));
  const server = await Server.start({ folder });
  const account = ({ sid, authToken }) => new Account(server.endpoint, sid, authToken);
  return { server, full: account(full), empty: account(empty) };
}

async function make(folder, ended) {
  const unfinished = `${KEPT}unfinished`;
  await rm(KEPT, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  console.log(`making a year of ratings in ${folder}, which takes some minutes`);
  const [full, empty] = [await create(unfinished, 'A year'), await create(unfinished, 'Nothing yet')];
  await writeFile(`${unfinished}/accounts.json`, JSON.stringify({ full, empty }), { mode: 0o600 });
  const year = `CREATE TEMP TABLE year AS SELECT id AS account, ${ended} AS ended, ${CALLS} AS calls FROM accounts WHERE name = 'A year'`;
  const { error, stderr } = await sqlite(`${unfinished}/ringback.db`, year);
  assert.equal(error, null, stderr);
  await assertCountsAgree(unfinished, { seconds: 1800 });
  await rename(unfinished, folder);
}

async function create(folder, name) {
  const { account_sid: sid, auth_token: authToken } = await ringbackJson(folder, ['account', 'create', '--name', name]);
  return { sid, authToken };
}

/** Fills the database, with the table `year` that the script wants. */
const sqlite = (database, year) =>
  new Promise(resolve => {
    const child = execFile('sqlite3', ['-bail', '-cmd', year, database], (error, stdout, stderr) => resolve({ error, stderr }));
    createReadStream(SCRIPT).pipe(child.stdin);
  });
