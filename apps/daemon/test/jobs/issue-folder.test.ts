import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { severities, verdictOn } from '../support/policy-scene.js';
import { makeScratch } from '../support/scratch.js';
import { wire } from '../support/wire-scene.js';

const changed = (path: string): readonly Change[] => [
  {
    ...{ path, oldPath: null, kind: 'added', oldMode: null, mode: '100644', added: 1, deleted: 0 },
    ...{ binary: false, bytes: 1, oldBytes: 0, filter: null },
  },
];

/** What becomes of a change of these paths, where everything that may be allowed is. */
async function verdictsOn(
  settings: string,
  paths: readonly string[],
  place: string,
): Promise<Readonly<Record<string, string>>> {
  const [project] = await wire(
    `    source: { use: local, ${settings} }\n    agents: [{ use: command, run: cat }]\n    change: { onProtected: allow }\n`,
    place,
  );
  if (project === undefined) throw new Error('no project');
  const verdicts = await Promise.all(
    paths.map(async (path) => [path, severities[await verdictOn(project, changed(path))] ?? 'unknown'] as const),
  );
  return Object.fromEntries(verdicts);
}

describe('a folder of issues in a checkout', () => {
  it('is changed by people only, as a whole and wherever it lies', async () => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.path, '.git'));
    const paths = [
      'ops/tracker/people.yaml',
      'ops/tracker/issues/0001-a.md',
      'ops/tracker/own/x',
      'ops/x.md',
      'issues/a',
    ];
    expect(await verdictsOn('path: ops/tracker', paths, scratch.path)).toEqual({
      ...{ 'ops/tracker/people.yaml': 'stop', 'ops/tracker/issues/0001-a.md': 'stop', 'ops/tracker/own/x': 'stop' },
      ...{ 'ops/x.md': 'pass', 'issues/a': 'pass' },
    });
  });

  it('that is the checkout itself keeps what Baton reads there from changes, and nothing else', async () => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.path, '.git'));
    const paths = ['people.yaml', 'issues/0001-a.md', 'pulls/0001.md', 'src/a.md'];
    expect(await verdictsOn('path: .', paths, scratch.path)).toEqual({
      ...{ 'people.yaml': 'stop', 'issues/0001-a.md': 'stop', 'pulls/0001.md': 'stop', 'src/a.md': 'pass' },
    });
  });

  it('is known by the checkout that it lies in, whatever holds the configuration', async () => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.path, 'clone', '.git'), { recursive: true });
    expect(await verdictsOn('path: clone/tracker', ['tracker/people.yaml', 'clone/a.md'], scratch.path)).toEqual({
      'tracker/people.yaml': 'stop',
      'clone/a.md': 'pass',
    });
  });
});
