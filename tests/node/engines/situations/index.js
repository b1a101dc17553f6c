import { code } from "./code.js";
import { delivery } from "./delivery.js";
import { dialog } from "./dialog.js";
import { hosts } from "./hosts.js";
import { rating, touch } from "./rating.js";

/** The functions that play the situations, by name: what users and hosts do in each engine. */
export const situations = ({ hasTouch }) => ({
  ...rating,
  ...(hasTouch && touch),
  ...dialog,
  ...delivery,
  ...code,
  ...hosts,
});
