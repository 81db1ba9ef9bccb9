import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Overlay, SandboxPolicy } from '@baton/core';
import { BatonError } from '@baton/core';
import type { ContractCase } from '../contract.js';
import { rootOnly, type SandboxRig } from './rig.js';
import { run } from './run.js';

/** What lies below, in a directory of which the policy lists nothing, seen in the root. */
async function layOver(rig: SandboxRig, name: string): Promise<Overlay> {
  const overlay = {
    path: join(rig.root, name),
    ...{ lower: join(rig.outside, `${name}-lower`), upper: join(rig.outside, `${name}-upper`) },
    work: join(rig.outside, `${name}-work`),
  };
  for (const each of Object.values(overlay)) await mkdir(each);
  await writeFile(join(overlay.lower, 'file'), 'below');
  return overlay;
}

const over = (rig: SandboxRig, ...overlays: readonly Overlay[]): SandboxPolicy => rootOnly(rig, { overlays });
const can: Pick<ContractCase<SandboxRig>, 'requires'> = {
  requires: { what: 'a sandbox that makes overlays', holds: (rig) => rig.canOverlay },
};

/** Overlays: what a command sees through them, and where its writing goes. */
export const overlayCases: readonly ContractCase<SandboxRig>[] = [
  {
    id: 'an-overlay-shows-what-lies-below-and-never-changes-it',
    ...can,
    async run(rig) {
      const [one, two] = [await layOver(rig, 'one'), await layOver(rig, 'two')];
      const policy = over(rig, one, two);
      for (const { path, lower, upper } of [one, two]) {
        const file = join(path, 'file');
        assert.equal((await run(rig, { argv: rig.program('read', file) }, policy)).stdout, 'below');
        assert.equal((await run(rig, { argv: rig.program('write', file) }, policy)).exitCode, 0);
        assert.equal((await run(rig, { argv: rig.program('read', file) }, policy)).stdout, 'written');
        assert.equal(await readFile(join(lower, 'file'), 'utf8'), 'below');
        assert.equal(await readFile(join(upper, 'file'), 'utf8'), 'written');
      }
    },
  },
  {
    id: 'an-overlay-is-gone-with-its-command',
    ...can,
    async run(rig) {
      const overlay = await layOver(rig, 'one');
      await run(rig, { argv: rig.program('write', join(overlay.path, 'new')) }, over(rig, overlay));
      assert.deepEqual(await readdir(overlay.path), []);
      assert.deepEqual(await readdir(overlay.upper), ['new']);
      assert.notEqual((await run(rig, { argv: rig.program('read', join(overlay.path, 'new')) })).exitCode, 0);
    },
  },
  {
    id: 'an-overlay-is-laid-where-no-link-leads',
    ...can,
    async run(rig) {
      const [above, elsewhere] = [join(rig.root, 'above'), join(rig.outside, 'elsewhere')];
      for (const each of [above, elsewhere, join(elsewhere, 'seen')]) await mkdir(each);
      const overlay = { ...(await layOver(rig, 'one')), path: join(above, 'seen') };
      await mkdir(overlay.path);
      const read = { argv: rig.program('read', join(overlay.path, 'file')) };
      assert.equal((await run(rig, read, over(rig, overlay))).stdout, 'below');
      // What a command before left.
      await rename(above, join(rig.root, 'moved'));
      await symlink(elsewhere, above);
      await assert.rejects(run(rig, read, over(rig, overlay)), (error) => BatonError.is(error, 'COMMAND_FAILED'));
    },
  },
  {
    id: 'overlays-are-made-or-refused',
    async run(rig) {
      if (rig.canOverlay) return;
      const places = { lower: rig.outside, upper: join(rig.outside, 'upper'), work: join(rig.outside, 'work') };
      for (const each of [places.upper, places.work, join(rig.root, 'seen')]) await mkdir(each, { recursive: true });
      await assert.rejects(
        run(rig, { argv: rig.program('read', 'file') }, over(rig, { path: join(rig.root, 'seen'), ...places })),
        (error) => BatonError.is(error, 'CAPABILITY_UNSUPPORTED') || BatonError.is(error, 'COMMAND_FAILED'),
      );
    },
  },
];
