import { createSecrets } from '@baton/adapter-kit';
import type { Environment } from '../../src/environment/load-environment.js';
import { createOutput } from '../../src/verb/output.js';
import { createWorld, type World } from '../../src/wire/world.js';

/** The world of a daemon that says nothing, keeps nothing and holds no secret. */
export function createQuietWorld(environment: Environment): World {
  const { stdout, stderr } = process;
  return createWorld({
    environment,
    secrets: createSecrets(environment),
    output: createOutput({ environment, json: null, logLevel: 'silent', mask: (text) => text, stdout, stderr }),
    stderr,
    nodeFile: process.execPath,
    state: null,
  });
}
