// Opens one workspace after another until it is killed. Told by its arguments where; tells what it does on stdout.
import { createSystemRuntime } from '@baton/adapter-kit';
import { createGitWorktrees } from '../src/git-worktrees.js';
import { createPlainSandbox } from './plain-sandbox.js';

const [stateDirectory = '', url = '', spares = '0'] = process.argv.slice(2);
const provider = createGitWorktrees(
  { setup: null, spares: Number(spares) },
  {
    stateDirectory,
    sandbox: createPlainSandbox(),
    runtime: createSystemRuntime(),
    log: () => {},
    mask: (text) => text,
  },
);
const baseCommit = await provider.fetch({ repository: 'fixture', remote: { url }, branch: 'main' });
process.stdout.write('ready\n');
for (let job = 1; ; job += 1) {
  const key = { job: `j${job}`, attempt: 1, role: 'work' } as const;
  const sandbox = { readable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
  const workspace = await provider.open({ repository: 'fixture', key, baseCommit, sandbox });
  await workspace.writeFile('work.txt', `work of ${job}\n`);
  process.stdout.write(`${job}\n`);
  if (job % 3 === 0) await provider.remove(key);
}
