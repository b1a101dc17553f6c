// Simulates a slow phone.

/** 1.6 Mbit/s down, 750 kbit/s up, a round-trip time of 150 ms. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const CPU_SLOWDOWN = 4;

/** Slows the page's processor, and its network unless `network` is false. Returns the page's CDP session. */
export async function throttle(page, { network = true } = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  if (network) await session.send("Network.emulateNetworkConditions", NETWORK);
  await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  return session;
}
