// The element in Vue's templates: import type {} from "ringback-rating/vue";

import type { EmitFn, HTMLAttributes, PublicProps } from "vue";
import type { Properties } from "./attributes.js";
import type { RingbackEventMap, RingbackRating } from "./index.js";

type Emits = { [Name in keyof RingbackEventMap]: (event: RingbackEventMap[Name]) => void };

declare module "vue" {
  interface GlobalComponents {
    "ringback-rating": new () => RingbackRating & {
      /** @deprecated Exists in types only. */
      $props: Properties & HTMLAttributes & PublicProps;
      /** @deprecated Exists in types only. */
      $emit: EmitFn<Emits>;
    };
  }
}
