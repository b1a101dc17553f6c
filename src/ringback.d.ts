// What <ringback-rating> offers its host; explained in docs/embed.md.

export type Issue =
  | "imperfect-audio"
  | "dropped-call"
  | "incorrect-caller-id"
  | "post-dial-delay"
  | "digits-not-captured"
  | "unsolicited-call"
  | "audio-latency"
  | "one-way-audio";

/** What a person chose. */
export interface Rating {
  score: 1 | 2 | 3 | 4 | 5;
  issues: Issue[];
}

/** The side of a call that a token names. */
export interface Leg {
  account: string;
  call: string;
  party?: string;
}

export interface RatingError {
  /** The last four: the form's code cannot be fetched, run, or has failed; an attribute is wrong. */
  code: "network" | "refused" | "bad-token" | "load" | "no-wasm" | "trap" | "bad-attribute";
  /** For developers, in English. */
  message: string;
  /** The HTTP status, when there was an answer. */
  status?: number;
}

export interface RingbackEventMap {
  "ringback-ready": CustomEvent<Record<string, never>>;
  "ringback-asked": CustomEvent<Leg>;
  "ringback-change": CustomEvent<Rating>;
  "ringback-submitted": CustomEvent<Rating>;
  "ringback-queued": CustomEvent<Rating & { reason: RatingError }>;
  /** `forever`: the person does not want to be asked again. */
  "ringback-dismissed": CustomEvent<Leg & { forever?: true }>;
  "ringback-skipped": CustomEvent<{ reason: "sample" | "cool-down" | "opt-out" }>;
  "ringback-token-needed": CustomEvent<Leg>;
  "ringback-error": CustomEvent<RatingError>;
}

/** The call to rate. */
export interface Call {
  token?: string;
  endpoint?: string;
  failed?: boolean;
  /** In seconds. */
  duration?: number;
}

export class RingbackRating extends HTMLElement {
  /** Sends what waits for a token, without showing a form. */
  static renew(token: string, endpoint?: string): Promise<void>;
  /** Takes back that this person is never asked again. */
  static askAgain(): void;

  token: string | null;
  endpoint: string | null;
  mode: "inline" | "dialog" | null;
  partial: "on" | "off" | null;
  get dismissible(): boolean;
  set dismissible(on: boolean | null);
  /** "auto-send" */
  get autoSend(): boolean;
  set autoSend(on: boolean | null);
  /** "require-issue" */
  get requireIssue(): number | undefined;
  set requireIssue(score: 1 | 2 | 3 | 4 | null | undefined);
  /** "opt-out" */
  get optOut(): boolean;
  set optOut(on: boolean | null);

  /** From 0 to 1. */
  get sample(): number | undefined;
  set sample(share: number | null | undefined);
  /** "cool-down", in seconds */
  get coolDown(): number | undefined;
  set coolDown(seconds: number | null | undefined);
  /** "always-failed" */
  get alwaysFailed(): boolean;
  set alwaysFailed(on: boolean | null);
  /** "always-below", in seconds */
  get alwaysBelow(): number | undefined;
  set alwaysBelow(seconds: number | null | undefined);
  /** "always-above", in seconds */
  get alwaysAbove(): number | undefined;
  set alwaysAbove(seconds: number | null | undefined);
  get failed(): boolean;
  set failed(on: boolean | null);
  /** In seconds. */
  get duration(): number | undefined;
  set duration(seconds: number | null | undefined);

  /** Words instead of the widget's own, by their keys in src/text/en.json; set before the form is shown. */
  texts?: Record<string, string>;

  /** Shows the form; in `dialog` mode as a modal dialog. */
  open(call?: Call): Promise<void>;
  /** Takes the form away, as removing the element does. */
  close(): void;
  /** Forgets what was chosen and not sent, and starts anew. */
  reset(): void;

  addEventListener<K extends keyof RingbackEventMap>(
    type: K,
    listener: (this: RingbackRating, event: RingbackEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: RingbackRating, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** Makes it an element of this page; `ringback.js` and `ringback-rating/register` have done so. */
export function define(): void;

declare global {
  interface HTMLElementTagNameMap {
    "ringback-rating": RingbackRating;
  }
  /** Some fire at `document` too, when the page shows no form for the call. */
  interface DocumentEventMap extends RingbackEventMap {}
}
