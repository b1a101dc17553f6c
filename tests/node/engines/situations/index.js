import { rating } from "./rating.js";

/** What users and hosts do, by name. `needs` is a capability of an engine that some lack. */
export const SITUATIONS = { ...rating };
