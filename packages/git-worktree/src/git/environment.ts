import type { AdapterHost } from '@baton/core';

/** What git and coreutils need of the daemon's environment. */
export interface GitEnvironment {
  /** For every command. */
  readonly local: Readonly<Record<string, string>>;
  /** All that coreutils are given. */
  readonly tools: Readonly<Record<string, string>>;
  /** On top, for commands that talk to a remote: the ssh agent, proxies, certificate authorities. */
  readonly remote: Readonly<Record<string, string>>;
  /** On top, for the command that signs: where keys are, and the agents that hold them. */
  readonly signing: Readonly<Record<string, string>>;
}

const remoteNames = [
  'SSH_AUTH_SOCK',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
] as const;
const signingNames = ['HOME', 'GNUPGHOME', 'SSH_AUTH_SOCK'] as const;

/** Reads `PATH`, and what remotes and signing need. Nothing else of the daemon's environment reaches git. */
export function readEnvironment(read: AdapterHost['environment']): GitEnvironment {
  const pick = (names: readonly string[]): Readonly<Record<string, string>> =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = read(name);
        return value === null ? [] : [[name, value]];
      }),
    );
  const local = { PATH: read('PATH') ?? '/usr/local/bin:/usr/bin:/bin' };
  return { local, tools: { ...local, LC_ALL: 'C' }, remote: pick(remoteNames), signing: pick(signingNames) };
}
