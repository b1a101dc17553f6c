// `/embed/ringback.js`: a page that has this in a script has the element.

import { define } from "./define.js";

export * from "./define.js";

define();
