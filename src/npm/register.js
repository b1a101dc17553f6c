// Importing this file defines the element <ringback-rating>.

import { define } from "./index.js";

define();
