import { setTimeout as pause } from 'node:timers/promises';

/** Asks `probe` again and again until it answers something true, and returns that; an error counts as "not yet". */
export async function waitFor(what, probe, { seconds = 60 } = {}) {
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
  throw new Error(`waited ${seconds} s in vain for ${what}`, { cause: error });
}

/** Thrown by a probe when waiting longer cannot help. */
export class GiveUp extends Error {}
