// The element in JSX, for React 18: import type {} from "ringback-rating/react-18";
// React 18 sets attributes only. Listen to events with addEventListener on a ref.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { Attributes, Listeners } from "./attributes.js";
import type { RingbackRating } from "./index.js";

type Props = DetailedHTMLProps<HTMLAttributes<RingbackRating>, RingbackRating> &
  Attributes & { [Name in keyof Listeners]?: never };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "ringback-rating": Props;
    }
  }
}
