// `/embed/ringback.js`: defines the element in a page that loads it as a script.

import { define } from "./define.js";

export * from "./define.js";

define();
