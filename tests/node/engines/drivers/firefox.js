import { onPath } from "../../lib/on-path.js";
import { launch } from "./puppeteer.js";

export const firefox = {
  name: "firefox",
  hasTouch: true,
  launch: () => launch({ browser: "firefox", executablePath: onPath(process.env.FIREFOX ?? "firefox-esr") }),
};
