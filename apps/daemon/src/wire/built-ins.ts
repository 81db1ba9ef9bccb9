import type { AdapterPackage, AdapterRole } from '@baton/adapter-kit';

interface BuiltIn {
  /** Named here, because telling them needs no code to be loaded. */
  readonly roles: readonly AdapterRole[];
  readonly load: () => Promise<AdapterPackage>;
}

const tracker = ['source', 'forge'] as const;
const agent = ['agent'] as const;

/** What comes with the daemon, by the name that `use` takes. Each is loaded when a file names it. */
export const builtIns: Readonly<Record<string, BuiltIn>> = {
  github: { roles: tracker, load: async () => (await import('@baton/github')).default },
  gitlab: { roles: tracker, load: async () => (await import('@baton/gitlab')).default },
  local: { roles: tracker, load: async () => (await import('@baton/local')).default },
  'git-worktree': { roles: ['workspaces'], load: async () => (await import('@baton/git-worktree')).default },
  sqlite: { roles: ['store'], load: async () => (await import('@baton/sqlite')).default },
  command: { roles: agent, load: async () => (await import('@baton/command-agent')).commandAgentPackage },
  claude: { roles: agent, load: async () => (await import('@baton/claude')).claudePackage },
  'claude-code': { roles: agent, load: async () => (await import('@baton/claude')).claudeCodePackage },
  openai: { roles: agent, load: async () => (await import('@baton/openai')).openaiPackage },
  codex: { roles: agent, load: async () => (await import('@baton/openai')).codexPackage },
  acp: { roles: agent, load: async () => (await import('@baton/acp')).acpPackage },
  scripted: { roles: agent, load: async () => (await import('@baton/command-agent')).scriptedAgentPackage },
};

/** The names that `use` takes without installing anything, of those that serve in a role; null: all of them. */
export function listBuiltIns(role: AdapterRole | null): readonly string[] {
  return Object.entries(builtIns)
    .flatMap(([name, { roles }]) => (role === null || roles.includes(role) ? [name] : []))
    .toSorted();
}
