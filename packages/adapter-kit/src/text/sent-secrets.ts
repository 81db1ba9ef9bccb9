import { createSecrets } from './secrets.js';

/** What a host was sent to be let in, so that it can be taken out of what it says: some, and proxies before them, quote it. */
export interface SentSecrets {
  learn(name: string, value: string): void;
  /** As `mask` of secrets does. Comes before any cut: of a secret across it no mask would know a part. */
  mask(text: string): string;
}

/** Nothing was sent yet. Of each name the last value counts: tokens that end within the hour are made without end. */
export function createSentSecrets(first: Readonly<Record<string, string>> = {}): SentSecrets {
  const sent: Record<string, string> = { ...first };
  const secrets = createSecrets(sent);
  for (const name of Object.keys(sent)) secrets.read(name);
  return {
    learn(name, value) {
      sent[name] = value;
      secrets.read(name);
    },
    mask: secrets.mask,
  };
}
