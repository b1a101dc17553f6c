// A slow phone with nothing in its cache.

/** 1.6 Mbit/s, 150 ms for a round trip, a processor at a quarter of its speed. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
export const CPU_SLOWED = 4;

/** Makes the page slow from now on; returns its session of the browser's protocol. */
export async function slowDown(page, { network = true } = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  if (network) await session.send('Network.emulateNetworkConditions', NETWORK);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWED });
  return session;
}
