import { setTimeout as pause } from "node:timers/promises";

/** Calls `probe` until it returns something truthy, and returns that; an error counts as "not yet". */
export async function waitFor(description, probe, { seconds = 60 } = {}) {
  const deadline = performance.now() + seconds * 1000;
  let error;
  do {
    try {
      const answer = await probe();
      if (answer) return answer;
      error = undefined;
    } catch (e) {
      if (e instanceof GiveUp) throw e;
      error = e;
    }
    await pause(20);
  } while (performance.now() < deadline);
  throw new Error(`waited ${seconds} s for ${description}`, { cause: error });
}

/** Thrown by a probe if waiting longer cannot help. */
export class GiveUp extends Error {}
