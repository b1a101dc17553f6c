// `/embed/ringback.js`: a page that has this in a script has the element.

import { define } from "./element.js";

export * from "./element.js";

define();
