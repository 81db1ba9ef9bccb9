import { mapMachineError } from '@baton/adapter-kit';
import { createKnownSecrets } from '../config/known-secrets.js';
import { loadEnvironment } from '../environment/load-environment.js';
import { useProxyOf } from '../environment/use-proxy.js';
import { runCli } from './run-cli.js';

/** Runs what this process was started for; its exit code is set at the end. */
export async function runProcess(): Promise<void> {
  const environment = loadEnvironment();
  const secrets = createKnownSecrets(environment);
  useProxyOf(environment);

  // Crash-only: what nobody expected ends the process; the next start finds what was done.
  const end = (thrown: unknown): never => {
    const trouble = mapMachineError(thrown, 'what was to be had');
    const what = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    const said = trouble?.message ?? `unhandled: ${what}`;
    const fix = trouble?.fix ?? 'report this as a bug, with the lines above';
    process.stderr.write(secrets.mask(`error: ${said}\nfix: ${fix}\n`));
    process.exit(1);
  };
  process.on('unhandledRejection', end);
  process.on('uncaughtException', end);
  // A reader that went away (`baton list | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });

  // A log that can't be written to any more, because its pipe was closed or its disk is full, ends no work.
  process.stderr.on('error', () => {});

  process.exitCode = await runCli(process, environment, secrets);
}
