import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchGit } from '@baton/fake-hosts';
import { beforeAll, expect, it } from 'vitest';
import { ensureBuilt, runBaton } from '../support/run-baton.js';
import { makeScratch } from '../support/scratch.js';

beforeAll(ensureBuilt, 180_000);

const config = `version: 1
projects:
  - name: web
    source: { use: local, remote: ../remote.git }
    workspace: { use: git-worktree, spares: 0 }
    agents: [{ use: command, run: bash agent.sh }]
    change: { onProtected: allow }
    sandbox: { mode: best-effort }
`;
const issue = '---\ntitle: Tidy\nlabels: [baton]\nauthor: alice\n---\nTidy.\n';

it.each([
  ['the configuration', "sed -i 's/best-effort/off/' baton.config.yaml"],
  ['the next issue', 'mkdir -p .baton/local/issues && echo more > .baton/local/issues/0002-next.md'],
  ['the configuration that is found first', 'cp baton.config.yaml docs/'],
])('an agent that rewrites %s is refused, and nothing of it is pushed', async (_what, agent) => {
  await using scratch = await makeScratch();
  const checkout = join(scratch.path, 'checkout');
  const git = (...argv: string[]): Promise<string> => scratchGit(checkout, argv);
  await mkdir(join(checkout, '.baton', 'local', 'issues'), { recursive: true });
  await mkdir(join(checkout, 'docs'));
  await writeFile(join(checkout, 'baton.config.yaml'), config);
  await writeFile(join(checkout, 'docs', 'guide.md'), 'Hello.\n');
  await writeFile(join(checkout, 'agent.sh'), `${agent}\n`);
  await writeFile(join(checkout, '.baton', 'local', 'issues', '0001-tidy.md'), issue);
  await git('init', '--quiet', '-b', 'main');
  await git('init', '--quiet', '--bare', '-b', 'main', '--', '../remote.git');
  await git('add', '--all');
  await git('commit', '--quiet', '-m', 'Use Baton');
  await git('push', '--quiet', '../remote.git', 'main');
  const at = { cwd: checkout, env: { HOME: scratch.path } };
  expect(await runBaton(['start', '--once'], at)).toMatchObject({ exitCode: 0 });
  const shown = await runBaton(['show', 'local:0001', '--json'], at);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    outcome: 'refused',
    reason: expect.stringContaining('which only people may'),
  });
  expect((await git('--git-dir=../remote.git', 'branch', '--list')).trim()).toBe('* main');
  expect(await readdir(join(checkout, '.baton', 'local'))).not.toContain('pulls');
});
