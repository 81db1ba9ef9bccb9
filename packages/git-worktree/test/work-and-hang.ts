// Runs a command in a workspace until it is told by a line on stdin to end it. Its arguments: where, and which shell words to run.
import { once } from 'node:events';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createGitWorktrees } from '../src/git-worktrees.js';
import { confinement } from './confinement.js';
import { createPlainSandbox } from './plain-sandbox.js';

const [stateDirectory = '', url = '', script = ''] = process.argv.slice(2);
const provider = createGitWorktrees(
  { setup: null, spares: 0 },
  {
    stateDirectory,
    sandbox: createPlainSandbox(),
    runtime: createSystemRuntime(),
    log: () => {},
    mask: (text) => text,
  },
);
const baseCommit = await provider.fetch({ repository: 'fixture', remote: { url }, branch: 'main' });
const key = { job: 'j1', attempt: 1, role: 'work' } as const;
const workspace = await provider.open({ repository: 'fixture', key, baseCommit, sandbox: confinement });
const running = await workspace.spawn({ argv: ['sh', '-c', script] });
process.stdout.write('works\n');
await once(process.stdin, 'data');
await running[Symbol.asyncDispose]();
process.stdout.write('ended\n');
await once(process.stdin, 'data');
