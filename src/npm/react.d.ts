// The element in JSX, for React 19: import type {} from "ringback-rating/react";

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { Attributes, Listeners, Properties } from "./attributes.js";
import type { RingbackRating } from "./index.js";

type Props = DetailedHTMLProps<HTMLAttributes<RingbackRating>, RingbackRating> & Attributes & Properties & Listeners;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "ringback-rating": Props;
    }
  }
}
