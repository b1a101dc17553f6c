// The npm package `ringback-rating`.

import { setBase } from "ringback:generated";
import { define as defineElement } from "./define.js";

export { RingbackRating } from "./element.js";

/** Defines the element in this page. `base` is the address of the folder with this package's files. */
export const define = ({ base } = {}) => {
  if (base) setBase(base);
  defineElement();
};
