import { onPath } from "../../lib/on-path.js";
import { launch } from "./puppeteer.js";

export const chromium = {
  name: "chromium",
  hasTouch: true,
  launch: () =>
    launch({
      browser: "chrome",
      executablePath: onPath(process.env.CHROMIUM ?? "chromium"),
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
    }),
};
