import { mkdtempSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { root, runProcess } from '../run-process.ts';

/** What the compiler says of the program on a core in which some texts of `job.ts` are others. */
async function compileWith(changes: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-words-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(root, 'packages/core/src'), join(folder, 'core'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const file = join(folder, 'core/job.ts');
  let text = await readFile(file, 'utf8');
  for (const [was, becomes] of Object.entries(changes)) {
    expect(text.split(was), was).toHaveLength(2);
    text = text.replace(was, becomes);
  }
  await writeFile(file, text);
  const rooms = ['packages/*/src', 'apps/*/src', 'packages/engine/test', 'apps/daemon/test', 'tools/liquid.d.ts'];
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { paths: { '@baton/core': ['./core/index.ts'] }, typeRoots: [join(root, 'node_modules/@types')] },
    include: rooms.map((room) => join(root, room)),
    exclude: [join(root, 'packages/core')],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const args = ['--pretty', 'false', '-p', join(folder, 'tsconfig.json')];
  return (await runProcess(join(root, 'node_modules/.bin/tsc'), args, { output: 'keep' })).output;
}

/** By each word that something doesn't speak of, the files that don't; by a whole complaint where it is another. */
function listSilent(output: string): Readonly<Record<string, readonly string[]>> {
  const silent = new Map<string, Set<string>>();
  for (const line of output.split('\n')) {
    const [, file, complaint] = /^(\S+)\(\d+,\d+\): (.+)$/.exec(line) ?? [];
    if (file === undefined || complaint === undefined) continue;
    const word = /^error TS2741: Property '"(new-\w+)"' is missing/.exec(complaint)?.[1] ?? complaint;
    silent.set(word, (silent.get(word) ?? new Set()).add(file));
  }
  return Object.fromEntries([...silent].map(([word, files]) => [word, [...files].sort()]));
}

it('a new outcome, phase or wait reason compiles nowhere before each place that speaks of them speaks of it', async () => {
  const output = await compileWith({
    "  | 'forge-failed';": "  | 'forge-failed' | 'new-outcome';",
    "  'queued',\n": "  'queued',\n  'new-phase',\n",
    "| 'unavailable';": "| 'unavailable' | 'new-wait';",
  });
  expect(listSilent(output)).toEqual({
    'new-outcome': [
      'apps/daemon/src/render/job-exit-code.ts',
      'packages/engine/src/job/outcomes.ts',
      'packages/engine/test/simulator/invariants/ends-explained.ts',
    ],
    'new-phase': [
      'apps/daemon/src/render/job-exit-code.ts',
      'apps/daemon/src/render/job-standing.ts',
      'apps/daemon/src/render/render-event.ts',
      'apps/daemon/src/render/what-next.ts',
      'apps/daemon/test/kill-each-step.nightly.test.ts',
      'packages/engine/src/job/phases.ts',
    ],
    'new-wait': [
      'apps/daemon/src/render/job-exit-code.ts',
      'apps/daemon/src/render/job-standing.ts',
      'apps/daemon/src/render/what-next.ts',
      'packages/engine/src/job/wait-reasons.ts',
    ],
  });
});
