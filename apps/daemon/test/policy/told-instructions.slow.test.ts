import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

describe('what agents are told of a repository', () => {
  it('is what its base says, once a turn, whatever a turn made of the files', async () => {
    const toldFile = (name: string): string => join(tmpdir(), name, 'told.txt');
    await using at = await makeLocalScene({
      agent: (name) =>
        [
          `(cat; echo; echo NEXT) >> ${toldFile(name)}`,
          'echo "Written by the agent." | tee AGENTS.md CLAUDE.md deep/AGENTS.md > /dev/null',
          'if grep -q ugly answer.txt; then echo right; else echo right ugly; fi > a && mv a answer.txt',
        ].join('\n'),
      files: {
        'answer.txt': 'wrong\n',
        'AGENTS.md': 'Two blanks.\n',
        'CLAUDE.md': 'Two blanks.\n',
        'deep/AGENTS.md': 'Deep.\n',
      },
      project: () => ({
        sandbox: { mode: 'off' },
        change: { onProtected: { 'agent-instructions': 'allow' } },
        instructions: { text: 'The operator.' },
        verify: { commands: [{ name: 'tidy', run: '! grep -q ugly answer.txt' }] },
      }),
    });
    expect((await at.baton('run', '1')).exitCode).toBe(0);
    const turns = (await readFile(toldFile(at.name), 'utf8')).split('\nNEXT\n').slice(0, -1);
    expect(turns).toHaveLength(2);
    for (const turn of turns) {
      expect(turn.split('The operator.')).toHaveLength(2);
      expect(turn.split('Two blanks.')).toHaveLength(2);
      expect(turn).not.toMatch(/Written by the agent|Deep\./);
    }
    expect((await at.baton('show', '1')).stdout).toContain('CLAUDE.md left out: it says what AGENTS.md says');
  });
});
