import { BatonError, type WorkspaceProvider } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { createRelay } from './relay.js';

const tooLarge = new BatonError('TOO_LARGE', 'The file "big.txt" has 99 bytes; 9 are allowed in one.', {
  details: { resource: 'big.txt', limit: 'bytes', allowed: 9 },
});
const unreadable = new BatonError('UNREADABLE', '"shut" can\'t be read (EACCES), so nothing was taken of the change.', {
  details: { resource: 'shut' },
});

/** Workspaces of which the agent made something that can't be taken once there is a file `big.txt`. */
function refusing(inner: WorkspaceProvider, asked: 'snapshot' | 'diff', error: BatonError): WorkspaceProvider {
  return {
    ...inner,
    async open(request, options) {
      const workspace = await inner.open(request, options);
      const refuse = async (what: typeof asked): Promise<void> => {
        if (what === asked && (await workspace.readFile('big.txt')) !== null) throw error;
      };
      return {
        ...workspace,
        async snapshot(call) {
          await refuse('snapshot');
          return await workspace.snapshot(call);
        },
        async diff(tree, call) {
          await refuse('diff');
          return await workspace.diff(tree, call);
        },
      };
    },
  };
}

describe('work that cannot be taken as it stands', () => {
  it.each([
    ['snapshot', tooLarge],
    ['snapshot', unreadable],
    ['diff', tooLarge],
  ] as const)('ends the job as refused in the words of the %s, once and for all', async (asked, error) => {
    let turns = 0;
    const relay = createRelay(async (turn) => {
      turns += 1;
      await turn.workspace.writeFile('big.txt', 'much\n');
      return { summary: 'Wrote it.' };
    });
    const project = { ...relay.project, workspaces: refusing(relay.workspaces, asked, error) };
    relay.source.seed({ labels: ['baton'] });
    for (let start = 0; start < 3; start += 1) {
      const baton = relay.create({ projects: [project] });
      await baton.runOnce();
      await baton.stop();
      relay.runtime.clock.advance(3_600_000);
    }
    expect(viewJob(await relay.job())).toMatchObject({ outcome: 'refused', reason: error.message });
    expect(turns).toBe(1);
    expect(relay.forge.pulls()).toEqual([]);
  });
});
