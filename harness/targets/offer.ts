import type { Values } from '../config/rushhour-config.ts';

/** What one dispatch is offered and consumes: of the reference target a company-day. */
export interface Offer {
  /** Names it in results; equal in every variant. */
  readonly key: string;
  /** What requests and queries about it are filled with. */
  readonly values: Values;
}
