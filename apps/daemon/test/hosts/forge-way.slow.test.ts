import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findSecret, spellings } from '../support/find-secret.js';
import { type ForgeScene, makeForgeScene, makeToken } from '../support/forge-scene.js';
import {
  askForChanges,
  expectHandedIn,
  expectMerged,
  expectNoToken,
  expectReworked,
  readAllWritten,
  writesAt,
} from '../support/forge-way.js';
import { watchProcesses } from '../support/process-watch.js';
import { ensureBuilt } from '../support/run-baton.js';

/** Puts a secret where the search must find it, and says where that is. */
async function plant(scene: ForgeScene, secret: string): Promise<readonly RegExp[]> {
  const [plain = '', ...encoded] = spellings(secret);
  const asGithub = Buffer.from(`x-access-token:${secret}`).toString('base64').replace(/=+$/, '');
  const asGitlab = Buffer.from(`oauth2:${secret}`).toString('base64').replace(/=+$/, '');
  expect(encoded).toEqual(expect.arrayContaining([asGithub, asGitlab]));
  await appendFile(join(scene.path, 'state', 'planted.log'), `header: Basic ${asGithub}\n`);
  await writeFile(join(scene.env['HOME'] ?? '', '.gitconfig'), `[http]\n\textraHeader = Basic ${asGitlab}\n`);
  await writeFile(join(scene.path, 'planted-blob'), plain);
  await scene.inRemote('hash-object', '-w', join(scene.path, 'planted-blob'));
  scene.host.remark('bob', `It is ${plain}.`);
  await scene.baton('explain', plain);
  return [/state\/planted\.log$/, /^git config --global$/, /^objects of .*shop\.git$/, /^what the host/, /printed$/];
}

beforeAll(ensureBuilt, 180_000);

describe.concurrent('the way of an issue over', () => {
  it.each(['github', 'gitlab'] as const)(
    '%s: handed in, reworked, merged, and then nothing more; the token is nowhere (G2, G3, G16, G22, G28)',
    async (kind) => {
      await using scene = await makeForgeScene(kind);
      const watch = watchProcesses(`agent-of-${scene.name}`);
      await scene.once();
      const first = await expectHandedIn(scene, 'right');
      expect(await scene.job()).toMatchObject({ attempt: 1, round: 1 });
      expect(await scene.inRemote('rev-list', '--parents', '-1', first)).toBe(`${first} ${scene.base}`);

      await askForChanges(scene);
      await scene.once();
      const second = await expectHandedIn(scene, 'right indeed');
      await expectReworked(scene, first, second);
      expect(await scene.job()).toMatchObject({ attempt: 1, round: 2 });

      await scene.host.setChecks('passed', '');
      await scene.host.merge('bob');
      await scene.once();
      await expectMerged(scene);

      const [writes, texts] = [writesAt(scene).length, scene.host.texts()];
      await scene.once();
      expect(writesAt(scene).slice(writes)).toEqual([]);
      expect(scene.host.texts()).toBe(texts);
      expect(await scene.branches()).toEqual({ main: scene.base, 'baton/issue-1': second });

      // The agent's own processes were looked at in flight, in both of its turns.
      const processes = watch.stop();
      expect(watch.marked.size).toBeGreaterThanOrEqual(2);
      await expectNoToken(scene, processes);
      // The search can fail: what is planted is found in each place, and a secret of a process too.
      const canary = makeToken(kind);
      const places = await plant(scene, canary);
      const found = findSecret(canary, [
        ...(await readAllWritten(scene)),
        { where: 'arguments', text: `-H ${canary}` },
      ]);
      for (const place of [...places, /^arguments$/]) expect(found).toContainEqual(expect.stringMatching(place));
    },
  );
});
