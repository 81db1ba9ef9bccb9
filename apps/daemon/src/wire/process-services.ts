import { delimiter } from 'node:path';
import { createSystemRuntime, type Secrets } from '@baton/adapter-kit';
import type { AdapterHost, Runtime, Sandbox } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import type { SandboxMode } from '../config/config.js';
import type { Environment } from '../environment/load-environment.js';
import { createLog, type Log } from '../verb/create-logger.js';
import type { Output } from '../verb/output.js';
import { listProgramDirectories, listReadable } from './list-readable.js';
import { createMaskedSandbox } from './masked-sandbox.js';
import { createShowsPrivate } from './private-paths.js';

/** What one process has once, whatever it is asked to do: time, secrets, log, sandboxes. */
export interface ProcessServices {
  readonly runtime: Runtime;
  readonly environment: Environment;
  readonly secrets: Secrets;
  readonly log: Log;
  /** Absolute: what every sandbox may read. */
  readonly readable: readonly string[];
  /** The same one each time, so that its probes run once. What its commands print is masked. */
  sandbox(mode: SandboxMode): Sandbox;
  /** What the adapters of an id share. */
  shared(adapter: string): AdapterHost['shared'];
}

/** Makes them for one process. Looks at directories of PATH; starts nothing. */
export function createProcessServices(request: {
  readonly environment: Environment;
  readonly secrets: Secrets;
  readonly output: Output;
  readonly stderr: NodeJS.WritableStream;
  /** The Node that runs the daemon. */
  readonly nodeFile: string;
  /** Where Baton keeps what it knows, which no sandbox may read as a whole. Null: nowhere yet. */
  readonly state: string | null;
}): ProcessServices {
  const { environment, secrets, output, stderr, nodeFile, state } = request;
  const path = listProgramDirectories(environment, nodeFile).join(delimiter);
  const sandboxes = new Map<SandboxMode, Sandbox>();
  const shared = new Map<string, unknown>();
  return {
    runtime: createSystemRuntime(),
    environment,
    secrets,
    log: createLog(output, stderr, (text) => secrets.mask(text)),
    readable: listReadable(environment, nodeFile, createShowsPrivate(environment, state)),
    sandbox(mode) {
      const sandbox = sandboxes.get(mode) ?? createMaskedSandbox(createBubblewrapSandbox({ mode, path }), secrets);
      sandboxes.set(mode, sandbox);
      return sandbox;
    },
    shared: (adapter) => (key, make) => {
      const name = JSON.stringify([adapter, key]);
      if (!shared.has(name)) shared.set(name, make());
      // What stands at a key was made by a function for that key.
      return shared.get(name) as ReturnType<typeof make>;
    },
  };
}
