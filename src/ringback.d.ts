// The interface of <ringback-rating>. docs/embed.md explains it.

export type Issue =
  | "imperfect-audio"
  | "dropped-call"
  | "incorrect-caller-id"
  | "post-dial-delay"
  | "digits-not-captured"
  | "unsolicited-call"
  | "audio-latency"
  | "one-way-audio";

/** The user's choice. */
export interface Rating {
  score: 1 | 2 | 3 | 4 | 5;
  issues: Issue[];
}

/** One party's side of a call, which the token names. */
export interface Leg {
  account: string;
  call: string;
  party?: string;
}

export interface RatingError {
  /**
   * `load`: the form's code cannot be fetched. `no-wasm`: it cannot run. `trap`: it crashed. `bad-attribute`: an attribute
   * is invalid. `policy`: the page's policy for Trusted Types does not allow the form. `not-rendered`: an element around the
   * dialog is not rendered.
   */
  code: "network" | "refused" | "bad-token" | "load" | "no-wasm" | "trap" | "bad-attribute" | "policy" | "not-rendered";
  /** For developers, in English. */
  message: string;
  /** The HTTP status, if there was a response. */
  status?: number;
}

export interface RingbackEventMap {
  "ringback-ready": CustomEvent<Record<string, never>>;
  "ringback-asked": CustomEvent<Leg>;
  "ringback-change": CustomEvent<Rating>;
  /** `partial`: the user had not pressed Send, and left. */
  "ringback-submitted": CustomEvent<Rating & { partial?: true }>;
  "ringback-queued": CustomEvent<Rating & { reason: RatingError }>;
  /** `forever`: the user does not want to be asked again. */
  "ringback-dismissed": CustomEvent<Leg & { forever?: true }>;
  "ringback-skipped": CustomEvent<{ reason: "no-token" | "sample" | "cool-down" | "opt-out" }>;
  "ringback-token-needed": CustomEvent<Leg & { reason: { message: string; status: number } }>;
  "ringback-error": CustomEvent<RatingError>;
}

/** The call to rate. */
export interface Call {
  token?: string;
  endpoint?: string;
  failed?: boolean;
  /** In seconds. */
  duration?: number;
  /** A line below the question that says which call is meant, such as "Bob, 3 min". */
  about?: string;
}

export class RingbackRating extends HTMLElement {
  /** Sends the ratings that wait for a new token, without showing a form. The npm package needs the endpoint. */
  static renew(token: string, endpoint?: string): Promise<void>;
  /** Reverts "Don’t ask again". */
  static askAgain(): void;
  /** Fetches the form's code before it is needed. */
  static preload(): Promise<void>;
  /** Deletes what this browser keeps about its user. What the user has sent is still delivered. */
  static forget(): Promise<void>;

  token: string | null;
  endpoint: string | null;
  mode: "inline" | "dialog" | "corner" | null;
  /** "auto-close", in seconds */
  get autoClose(): number | undefined;
  set autoClose(seconds: number | null | undefined);
  /** "privacy-href" */
  privacyHref: string | null;
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

  /** Replacements for texts, by their keys in src/text/en.json. Set it before the form is shown. */
  texts?: Record<string, string>;
  /** A line below the question that says which call is meant. Set it before the form is shown. */
  about?: string | null;

  /** Shows the form: as a modal dialog in `dialog` mode, in a corner of the page in `corner` mode. */
  open(call?: Call): Promise<void>;
  /** Removes the form, like removing the element. */
  close(): void;
  /** Discards a choice that has not been sent and starts over. */
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

/**
 * Defines the element in this page. `ringback.js` and `ringback-rating/register` call it. `base`, in the npm package only, is
 * the address of the folder with its files, for bundlers that do not copy them.
 */
export function define(options?: { base?: string }): void;

declare global {
  interface HTMLElementTagNameMap {
    "ringback-rating": RingbackRating;
  }
  /** Events bubble. `ringback-token-needed` fires at the document itself if the page shows no form for the call. */
  interface DocumentEventMap extends RingbackEventMap {}
}
