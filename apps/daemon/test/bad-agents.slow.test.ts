import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { leftProcesses } from './support/left-processes.js';
import { type LocalScene, makeLocalScene, type SceneOptions, type ShownJob } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';

const isConfined = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'].some((path) => existsSync(path));

/** Everything that isn't the daemon's own, by what is in it. */
async function fingerprint(scene: LocalScene): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(scene.path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name).slice(scene.path.length + 1))
    // What Baton writes: its state, the tracker, its compiled code, and objects, branches and claims of the remote.
    .filter(
      (path) =>
        !/^(?:state|tracker|\.cache\/baton\/compiled|remote\.git\/(?:objects|refs\/heads\/baton|refs\/baton\/claims))\//.test(
          path,
        ),
    );
  const hashes = files.toSorted().map(async (path) => {
    const bytes = await readFile(join(scene.path, path));
    return [path, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}

/** Works the issue to its end or its next wait, and sees to it that nothing else was touched and nothing is left. */
async function work(options: SceneOptions, look: (scene: LocalScene, job: ShownJob) => Promise<void>): Promise<void> {
  await using scene = await makeLocalScene(options);
  const before = await fingerprint(scene);
  const ended = await scene.baton('start', '--once');
  expect(ended).toMatchObject({ exitCode: 0 });
  expect(leftProcesses(scene.name)).toEqual([]);
  await look(scene, await scene.job());
  expect(await fingerprint(scene)).toEqual(before);
}

async function expectNothingHandedIn(scene: LocalScene): Promise<void> {
  expect(await scene.pulls()).toEqual([]);
  expect(await scene.branches()).toEqual({ main: scene.base });
}

async function expectHandedIn(scene: LocalScene, job: ShownJob): Promise<void> {
  expect(job).toMatchObject({ phase: 'reviewing', attempt: 1, round: 1, pullRequest: { state: 'open' } });
  const head = await scene.inRemote('rev-parse', 'refs/heads/baton/issue-1');
  expect(await scene.branches()).toEqual({ main: scene.base, 'baton/issue-1': head });
  expect(await scene.inRemote('log', '--format=%P %an', '-1', head)).toBe(`${scene.base} Baton`);
  expect(await scene.inRemote('diff', '--name-only', scene.base, head)).toBe('answer.txt');
  expect(await scene.inRemote('show', `${head}:answer.txt`)).toBe('right');
}

/** What the agent did is kept, by the name that the job tells. */
async function expectRescued(scene: LocalScene, job: ShownJob, answer: RegExp): Promise<void> {
  expect(job.rescued).toEqual([`refs/baton/rescue/${job.id}/1`]);
  expect(await scene.inVault('show', `${job.rescued[0]}:answer.txt`)).toMatch(answer);
}

beforeAll(ensureBuilt, 180_000);
vi.setConfig({ maxConcurrency: 2 });

describe.concurrent('an agent that', () => {
  it('says that it succeeded and changed nothing: no-changes (G24, G33)', async () => {
    await work(
      { agent: () => 'cat answer.txt > copy; rm copy; echo All done, the answer is right.' },
      async (scene, job) => {
        expect(job).toMatchObject({ phase: 'done', outcome: 'no-changes', reason: 'The agent changed nothing.' });
        await expectNothingHandedIn(scene);
      },
    );
  });

  it('deletes everything: a person decides, and can have the answer no', async () => {
    await work({ agent: () => 'rm -rf ./* .git; echo Clean now.' }, async (scene, job) => {
      expect(job).toMatchObject({
        phase: 'waiting',
        wait: 'needs-person',
        reason: expect.stringContaining('deletes every file'),
      });
      await expectNothingHandedIn(scene);
      expect(await scene.labels()).toEqual(['baton', 'baton:needs-person']);
      expect(await scene.baton('reject', 'local:0001')).toMatchObject({ exitCode: 0 });
      await scene.baton('start', '--once');
      expect(await scene.job()).toMatchObject({ phase: 'failed', outcome: 'refused' });
      await expectNothingHandedIn(scene);
    });
  });

  it('leaves conflict markers, and again: checks-failed, its work kept', async () => {
    const agent = "printf '<<<<<<< ours\\nright\\n=======\\nwrong\\n>>>>>>> theirs\\n' > answer.txt";
    await work({ agent: () => agent }, async (scene, job) => {
      expect(job).toMatchObject({
        phase: 'failed',
        outcome: 'checks-failed',
        round: 2,
        reason: expect.stringContaining('no progress'),
      });
      await expectNothingHandedIn(scene);
      await expectRescued(scene, job, /^<{7} ours\n/);
    });
  });

  it.skipIf(!isConfined)('writes outside its worktree: nothing is written there', async () => {
    const agent = (name: string): string => `root=${join(tmpdir(), name)}
for place in "$root" "$root/clone" "$root/remote.git/hooks" "$root/tracker/issues" "$root/state" "$HOME" .. ../.. /tmp /etc /usr/bin; do
  echo planted > "$place/planted-by-${name}"
done
echo planted >> "$root/baton.config.yaml"
ln -s "$root/clone" way-out && echo planted > way-out/planted; rm -f way-out
rm -rf "$root/clone" "$root/remote.git"
echo right > answer.txt`;
    await work({ agent, project: () => ({ sandbox: { mode: 'required' } }) }, async (scene, job) => {
      await expectHandedIn(scene, job);
      const everywhere = await readdir(scene.path, { recursive: true });
      expect(everywhere.filter((path) => path.includes('planted'))).toEqual([]);
      for (const place of ['/tmp', '/etc', '/usr/bin', process.env['HOME'] ?? '/root']) {
        await expect(stat(join(place, `planted-by-${scene.name}`)), place).rejects.toThrow('ENOENT');
      }
    });
  });

  it('leaves a symlink that leads out of the repository: refused', async () => {
    await work({ agent: () => 'ln -s ../../../../.. way-out; echo right > answer.txt' }, async (scene, job) => {
      expect(job).toMatchObject({ phase: 'failed', outcome: 'refused', reason: expect.stringContaining('way-out') });
      await expectNothingHandedIn(scene);
      await expectRescued(scene, job, /^right$/);
    });
  });

  it('hangs: stalled, its work kept', async () => {
    const limits = { stall: '2s', attempts: 1 };
    await work(
      { agent: () => 'echo right > answer.txt; trap "" TERM; sleep 600', project: () => ({ limits }) },
      async (scene, job) => {
        expect(job).toMatchObject({
          phase: 'failed',
          outcome: 'stalled',
          reason: expect.stringContaining('attempt 1 of 1'),
        });
        await expectNothingHandedIn(scene);
        await expectRescued(scene, job, /^right$/);
      },
    );
  });

  it('prints for ever: timed-out, its work kept, and what it printed is not', async () => {
    const limits = { wallClock: '20s', attempts: 1 };
    await work(
      { agent: () => 'echo right > answer.txt; yes "I am still at it"', project: () => ({ limits }) },
      async (scene, job) => {
        expect(job).toMatchObject({ phase: 'failed', outcome: expect.stringMatching(/^(?:timed-out|limit-reached)$/) });
        await expectNothingHandedIn(scene);
        await expectRescued(scene, job, /^right$/);
        const journal = JSON.stringify(await scene.journal());
        expect(journal.length).toBeLessThan(200_000);
      },
    );
  });

  it('floods its output and ends: handed in, the flood left out', async () => {
    const agent = 'head -c 200000000 /dev/zero | tr "\\0" x; head -c 50000000 /dev/zero >&2; echo right > answer.txt';
    await work({ agent: () => agent }, async (scene, job) => {
      await expectHandedIn(scene, job);
      const [pull] = await scene.pulls();
      expect(pull?.body.length).toBeLessThan(20_000);
      const journal = JSON.stringify(await scene.journal());
      expect(journal.length).toBeLessThan(200_000);
    });
  });

  it('leaves processes behind that hide: handed in, none of them lives (G11)', async () => {
    const agent = (name: string): string => `echo right > answer.txt
hide='trap "" TERM HUP INT; while :; do echo late >> noise.txt; sleep 0.2; done'
sh -c "$hide" survivor-of-${name} &
setsid sh -c "$hide" survivor-of-${name} &
(setsid sh -c "($hide) & exit" survivor-of-${name} &) >/dev/null 2>&1 </dev/null
nohup sh -c "sleep 600" survivor-of-${name} >/dev/null 2>&1 &
sleep 0.5`;
    await work({ agent }, async (scene, job) => {
      expect(job).toMatchObject({ phase: 'reviewing' });
      expect(await scene.inRemote('show', 'baton/issue-1:answer.txt')).toBe('right');
      // They did live, and wrote.
      expect(await scene.inRemote('show', 'baton/issue-1:noise.txt')).toMatch(/^late/);
    });
  });

  it('commits, pushes and rewires git by itself: one commit of ours, of its tree', async () => {
    const agent = `echo right > answer.txt
git config user.name Agent; git config user.email agent@example.com
git add --all; git commit --quiet -m 'By myself'; git checkout -b mine; git push origin HEAD:main
git config core.hooksPath /tmp; git stash; git tag v1
printf '#!/bin/sh\\nexit 1\\n' > .git/hooks/pre-push; rm -rf .git; mv .git elsewhere
exit 0`;
    await work({ agent: () => agent }, async (scene, job) => {
      await expectHandedIn(scene, job);
      expect(await scene.inRemote('tag')).toBe('');
    });
  });

  it('makes a repository of its own in the tree: refused', async () => {
    const agent = `echo right > answer.txt; git init --quiet inner; cd inner
git -c user.name=Agent -c user.email=agent@example.com commit --quiet --allow-empty -m Begin`;
    await work({ agent: () => agent }, async (scene, job) => {
      expect(job).toMatchObject({ phase: 'failed', outcome: 'refused', reason: expect.stringContaining('inner') });
      await expectNothingHandedIn(scene);
      await expectRescued(scene, job, /^right$/);
    });
  });

  it('ends with an error: agent-failed, its work kept', async () => {
    const agent = 'echo right > answer.txt; echo "The model said no." >&2; exit 3';
    await work({ agent: () => agent, project: () => ({ limits: { attempts: 1 } }) }, async (scene, job) => {
      expect(job).toMatchObject({
        phase: 'failed',
        outcome: 'agent-failed',
        reason: expect.stringContaining('The model said no.'),
      });
      await expectNothingHandedIn(scene);
      await expectRescued(scene, job, /^right$/);
    });
  });
});
