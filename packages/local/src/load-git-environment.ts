/** What git may know of the daemon's environment: where programs are, and the agent that holds SSH keys. */
export function loadGitEnvironment(): Readonly<Record<string, string>> {
  const agent = process.env['SSH_AUTH_SOCK'];
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }),
  };
}
