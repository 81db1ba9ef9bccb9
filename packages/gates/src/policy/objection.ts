/** What a rule says of a change. */
export interface Objection {
  readonly verdict: 'stop' | 'rework' | 'hold';
  /** One sentence. */
  readonly text: string;
}
