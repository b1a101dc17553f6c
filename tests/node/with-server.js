// node with-server.js COMMAND ARGUMENTS…
// Starts the built binary on a new database with demo data, runs the command against it, and exits with the command's code.
import { spawn } from "node:child_process";
import { once } from "node:events";

import { Server } from "./lib/server.js";

const [command, ...args] = process.argv.slice(2);
const server = await Server.start({ demo: true, privateCallbacks: true });
const { sid, authToken } = server.account;
const child = spawn(command, args, {
  stdio: "inherit",
  env: {
    ...process.env,
    RINGBACK_TEST_ENDPOINT: server.endpoint,
    RINGBACK_TEST_ACCOUNT_SID: sid,
    RINGBACK_TEST_AUTH_TOKEN: authToken,
  },
});
const [code] = await once(child, "exit").catch((error) => {
  console.error(`${command}: ${error.message}`);
  return [127];
});
await server.stop();
process.exitCode = code ?? 1;
