/** What a proxy takes from either side at most. */
export interface ProxyBounds {
  /** The longest request. */
  readonly requestBytes: number;
  /** How deep a request may nest, and how many values it may hold. */
  readonly requestDepth: number;
  readonly requestValues: number;
  /** A connection that is silent for so long is taken for dead. */
  readonly silenceMs: number;
  /** The longest answer. */
  readonly answerBytes: number;
  /** How much of a failure's body is passed on. */
  readonly errorBytes: number;
  /** How long an answer that nobody waits for any more is read, to learn what it came to, and how much of it. */
  readonly drainMs: number;
  readonly drainBytes: number;
  /** The same once the turn is over: then somebody waits for the bill. */
  readonly lastDrainMs: number;
}

/** The bounds of every proxy. With eight calls at once they bound the daemon's memory too. */
export const proxyBounds: ProxyBounds = {
  // The longest request that Anthropic takes; OpenAI takes less without files.
  requestBytes: 33_554_432,
  requestDepth: 100,
  // Parsed, they take some ten times a byte or two each. Long conversations of real agents hold some ten thousand.
  requestValues: 250_000,
  // Providers send a sign of life every few seconds.
  silenceMs: 600_000,
  answerBytes: 268_435_456,
  errorBytes: 65_536,
  drainMs: 30_000,
  drainBytes: 8_388_608,
  lastDrainMs: 2_000,
};
