import { runCli } from './run-cli.js';

// Crash-only: what nobody expected ends the process; the next start finds what was done.
process.on('unhandledRejection', (reason) => {
  process.stderr.write(
    `error: unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}\n`,
  );
  process.stderr.write('fix: report this as a bug, with the lines above\n');
  process.exit(1);
});
// A reader that went away (`baton list | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process);
