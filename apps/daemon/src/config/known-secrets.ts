import { createSecrets, type Secrets } from '@baton/adapter-kit';
import type { JsonValue } from '@baton/core';
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
  const choices = config.projects.flatMap(({ source, forge, workspace, agents }) => [
    ...[source, forge, workspace],
    ...agents,
  ]);
  for (const { settings } of [config.store, ...choices]) learnFrom(secrets, settings);
}

function learnFrom(secrets: Secrets, value: JsonValue): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries<JsonValue>(value)) {
    if (typeof inner === 'string' && key.endsWith('Env')) secrets.read(inner);
    learnFrom(secrets, inner);
  }
}
