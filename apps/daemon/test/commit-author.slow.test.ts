import { beforeAll, expect, it } from 'vitest';
import { makeLocalScene } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

it.each([
  [undefined, 'Baton <baton@localhost>'],
  [{ name: 'Ada’s Baton', email: 'baton@example.com' }, 'Ada’s Baton <baton@example.com>'],
  [{ email: 'baton@example.com' }, 'Baton <baton@example.com>'],
])(
  'what is handed in is a commit by commit.author: %j',
  async (author, who) => {
    await using scene = await makeLocalScene({
      agent: () => 'echo right > answer.txt',
      project: () => ({ sandbox: { mode: 'off' } }),
      config: author === undefined ? {} : { commit: { author } },
    });
    expect(await scene.baton('run', '1')).toMatchObject({ exitCode: 0 });
    const { branch } = await scene.job();
    const log = await scene.inRemote('log', '-1', '--format=%an <%ae>%n%cn <%ce>', branch);
    expect(log.split('\n')).toEqual([who, who]);
  },
  60_000,
);
