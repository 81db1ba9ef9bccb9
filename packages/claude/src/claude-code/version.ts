import type { ProgramRelease } from '@baton/model-proxy';

/** Claude Code. An older version may not know the options that keep a repository's hooks out. */
export const claudeCodeRelease: ProgramRelease = {
  check: 'claude-code',
  name: 'Claude Code',
  package: '@anthropic-ai/claude-code',
  oldest: '2.1.330',
  told: 'within',
  env: { DISABLE_AUTOUPDATER: '1' },
  parseVersion: (printed) => /^(\d+\.\d+\.\d+\S*)/.exec(printed)?.[1] ?? null,
};
