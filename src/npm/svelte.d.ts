// The element in Svelte's templates: import type {} from "ringback-rating/svelte";

import type { HTMLAttributes } from "svelte/elements";
import type { Attributes, Listeners, Properties } from "./attributes.js";
import type { RingbackRating } from "./index.js";

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "ringback-rating": HTMLAttributes<RingbackRating> & Attributes & Properties & Listeners;
  }
}
