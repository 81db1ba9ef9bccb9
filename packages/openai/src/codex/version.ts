import type { ProgramRelease } from '@baton/model-proxy';

/** Codex. It doesn't tell its version in a turn. */
export const codexRelease: ProgramRelease = {
  check: 'codex',
  name: 'Codex',
  package: '@openai/codex',
  oldest: '0.160.0',
  told: 'before',
  env: {},
  // `codex-cli 0.169.0`, behind whatever it warns of.
  parseVersion: (printed) => /\b(\d+\.\d+\.\d+)\S*\s*$/.exec(printed.trim())?.[1] ?? null,
};
