import { createSecrets } from '@baton/adapter-kit';
import type { Environment } from '../../src/environment/load-environment.js';
import { createOutput } from '../../src/verb/output.js';
import { createProcessServices, type ProcessServices } from '../../src/wire/process-services.js';

/** The services of a daemon that says nothing, keeps nothing and holds no secret. */
export function createQuietServices(environment: Environment): ProcessServices {
  const { stdout, stderr } = process;
  return createProcessServices({
    environment,
    secrets: createSecrets(environment),
    output: createOutput({ environment, json: null, logLevel: 'silent', mask: (text) => text, stdout, stderr }),
    stderr,
    nodeFile: process.execPath,
    state: null,
  });
}
