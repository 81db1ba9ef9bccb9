import { createSecrets, type Secrets } from '@baton/adapter-kit';
import type { Environment } from '../environment/load-environment.js';
import type { Config } from './config.js';

/** Variables that hold a secret by their name, whether an adapter asks for them or not. */
const secretName = /(^|_)(TOKEN|API_?KEY|SECRET|SECRET_KEY|ACCESS_KEY|PRIVATE_KEY|PASSWORD|PASSPHRASE)$/i;
const shortestSecret = 12;

/**
 * The secrets that this process holds. Those whose variable tells by its name are known from the beginning: what the
 * daemon holds must not leave by anything it publishes, stores or prints, also where no adapter uses it.
 */
export function createKnownSecrets(environment: Environment): Secrets {
  const secrets = createSecrets(environment);
  for (const [name, value] of Object.entries(environment)) {
    if (secretName.test(name) && value.length >= shortestSecret) secrets.read(name);
  }
  return secrets;
}

/** Learns the secrets whose variables a configuration names (`tokenEnv` and its like), before any adapter asks for one. */
export function learnNamedSecrets(secrets: Secrets, config: Config): void {
  // Of the whole file: a project that is left out has secrets as well.
  learnFrom(secrets, config.document.value, new Set());
}

function learnFrom(secrets: Secrets, value: unknown, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (const [key, inner] of Object.entries<unknown>({ ...value })) {
    if (typeof inner === 'string' && key.endsWith('Env')) secrets.read(inner);
    learnFrom(secrets, inner, seen);
  }
}
