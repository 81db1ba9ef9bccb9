import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeForgeScene } from './support/forge-scene.js';
import { askForChanges, expectHandedIn, expectMerged, expectReworked } from './support/forge-way.js';
import { ensureBuilt } from './support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

describe.concurrent('a state directory that was lost', () => {
  it.each(['github', 'gitlab'] as const)(
    '%s: what was handed in is gone on with, as reviewers ask, and merged',
    async (kind) => {
      await using scene = await makeForgeScene(kind);
      await scene.once();
      const first = await expectHandedIn(scene, 'right');
      await rm(join(scene.path, 'state'), { recursive: true });

      await scene.once();
      expect(await scene.job()).toMatchObject({ phase: 'reviewing', attempt: 1, round: 1 });
      expect(await scene.branches()).toEqual({ main: scene.base, 'baton/issue-1': first });
      await askForChanges(scene);
      await scene.once();
      const second = await expectHandedIn(scene, 'right indeed');
      await expectReworked(scene, first, second);
      await scene.host.merge('bob');
      await scene.once();
      await expectMerged(scene);
      expect(scene.host.requests()).toHaveLength(1);
    },
  );
});
