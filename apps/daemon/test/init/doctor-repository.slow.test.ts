import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalScene, makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

const linesOf = async (scene: LocalScene, ...argv: string[]): Promise<string> => {
  const { stdout } = await scene.baton('doctor', ...argv);
  return stdout;
};

describe('the doctor', () => {
  it('tells of a repository that no job can start from, and what to do', async () => {
    await using scene = await makeLocalScene({ agent: () => 'true' });
    expect(await linesOf(scene)).toContain('✓ web git-worktree     repository: Jobs can start from main');

    const oid = '1'.repeat(40);
    await scene.git('update-index', '--add', '--cacheinfo', `160000,${oid},lib`);
    await scene.git('commit', '--quiet', '-m', 'A submodule');
    await scene.git('push', '--quiet', 'origin', 'main');
    expect((await scene.baton('doctor')).exitCode).not.toBe(0);
    const refused = /✗ web git-worktree +repository: .* has submodules \("lib"\).*\n +fix: Set `submodules: leave`/;
    expect(await linesOf(scene)).toMatch(refused);
    expect(await linesOf(scene, '--baseline')).toMatch(
      /✗ web +baseline: .*submodules.*\n +fix: Set `submodules: leave`/,
    );

    const whole = join(scene.path, 'whole.git');
    await rename(scene.remote, whole);
    await scene.git('clone', '--quiet', '--bare', '--depth=1', `file://${whole}`, scene.remote);
    expect(await linesOf(scene)).toMatch(
      /✗ web git-worktree +repository: .* is shallow.*\n +fix: Run `git fetch --unshallow`/,
    );
  });

  it('has a line for each gate, in the order in which a change passes them', async () => {
    const gate =
      "{ id: 'acme', settings: { '~standard': { version: 1, vendor: 'acme', validate: (value) => ({ value }), jsonSchema: { input: () => ({ type: 'object' }) } } }, gate: () => ({ spec: 'gate/1', id: 'acme', check: async () => ({ verdict: 'pass', checks: [] }) }) }";
    await using scene = await makeLocalScene({
      agent: () => 'true',
      project: () => ({
        gates: [{ use: './acme.mjs' }],
        verify: {
          commands: [
            { name: 'test', run: 'true' },
            { name: 'lint', run: 'true' },
          ],
        },
      }),
    });
    await writeFile(join(scene.path, 'acme.mjs'), `export default ${gate};`);
    const gates = [...(await linesOf(scene)).matchAll(/^ +✓ web (\S+) +gate: (.+)$/gm)];
    expect(gates.map(([, id, detail]) => [id, detail])).toEqual([
      ['change-policy', 'at most 50 files and 2000 lines; protected files'],
      ['test-loss', 'whether tests are gone'],
      ['checks', 'runs test, lint'],
      ['acme', "./acme.mjs, after Baton's own"],
    ]);
  });
});
