import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalScene, makeLocalScene } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

const scene = (trust: Readonly<Record<string, unknown>> = {}): Promise<LocalScene> =>
  makeLocalScene({ agent: () => 'cat > prompt.txt', project: () => ({ trust, sandbox: { mode: 'off' } }) });

const issuePath = (at: LocalScene): string => join(at.path, 'tracker', 'issues', '0001-answer.md');

/** Hands the issue over, and edits it as somebody does of whom the folder tells nothing. */
async function editAfterHandOver(at: LocalScene, added: string): Promise<void> {
  await writeFile(issuePath(at), `${await readFile(issuePath(at), 'utf8')}\n${added}\n`);
}

async function shown(at: LocalScene) {
  const { stdout } = await at.baton('show', '1', '--json');
  const job: { readonly wait: string | null; readonly asked: { readonly seen: string } | null } = JSON.parse(stdout);
  return { ...job, seen: job.asked?.seen ?? '' };
}

describe('a text that was edited after it was handed over', () => {
  it('is shown, and a yes by its hash has exactly that text worked', async () => {
    await using at = await scene();
    // Seen as it was handed over, and held while the daemon begins nothing.
    expect((await at.baton('pause')).exitCode).toBe(0);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    await editAfterHandOver(at, 'Added by nobody knows whom.');
    expect((await at.baton('resume')).exitCode).toBe(0);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    const first = await shown(at);
    const told = await at.baton('show', '1');
    expect(told.stdout).toContain(`--seen ${first.seen.slice(0, 32)}`);
    expect(told.stdout).toContain('Added by nobody knows whom.');
    const explained = await at.baton('explain', '1');
    expect(explained.stdout).toMatch(/✗\s+edits\s+.+body by nobody knows whom/);

    for (const tooFew of [first.seen.slice(0, 1), first.seen.slice(0, 31)]) {
      expect(await at.baton('approve', '1', '--seen', tooFew)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/--seen takes at least 32 digits.+\nfix: read the text: baton show .+ --seen </s),
      });
    }
    for (const unsaid of [[], ['--seen', '']]) {
      expect(await at.baton('approve', '1', ...unsaid)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(
          /asks about a text.+\nfix: read the text: baton show .+ baton approve .+ --seen </s,
        ),
      });
    }
    expect(await at.baton('approve', '1', '--seen', 'beef'.repeat(8))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /asks about a text with another hash now, not about (beef){8}\.\nfix: read the text/,
      ),
    });
    expect(await shown(at)).toMatchObject({ wait: 'needs-person', seen: first.seen });
    // Between the reading and the yes, the text becomes another.
    await editAfterHandOver(at, 'And more.');
    expect((await at.baton('approve', '1', '--seen', first.seen.slice(0, 32))).exitCode).toBe(0);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    const second = await shown(at);
    expect(second).toMatchObject({ wait: 'needs-person' });
    expect(second.seen).not.toBe(first.seen);

    expect((await at.baton('approve', '1', '--seen', second.seen.toUpperCase())).exitCode).toBe(0);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    const [branch = ''] = Object.keys(await at.branches()).filter((name) => name !== 'main');
    expect(await at.inRemote('show', `${branch}:prompt.txt`)).toContain('And more.');
    expect((await at.baton('show', '1')).stdout).toContain(`approved text`);
  });
});

describe('a bot that the configuration names', () => {
  it('is shown with the id that it was pinned to, by doctor, explain and config print', async () => {
    await using at = await scene({ bots: ['robo', 'nobody-else'] });
    await writeFile(join(at.path, 'tracker', 'people.yaml'), 'robo: { permission: none, kind: bot }\nalice: write\n');
    await writeFile(
      issuePath(at),
      '---\ntitle: The answer is wrong\nlabels: [baton]\nauthor: alice\nlabeledBy: robo\n---\nSay right.\n',
    );
    expect(JSON.parse((await at.baton('config', 'print', '--json')).stdout)).toMatchObject({ bots: [] });
    const doctor = (await at.baton('doctor')).stdout;
    expect(doctor).toMatch(/✓ web +trust\.bots robo: robo on local is id robo, pinned \d{4}-\d\d-\d\d/);
    expect(doctor).toMatch(
      /! web +trust\.bots nobody-else: nobody on local is called nobody-else\n +fix: name the bot/,
    );
    expect((await at.baton('explain', '1')).stdout).toMatch(/✓\s+trust\s+robo set it going and is named under trust/);
    expect((await at.baton('config', 'print')).stdout).toContain(
      '# web trust.bots: robo was pinned to id robo on local\n',
    );
    const { bots } = JSON.parse((await at.baton('config', 'print', '--json')).stdout);
    expect(bots).toMatchObject([{ project: 'web', entry: 'robo', host: 'local', id: 'robo', takenBy: null }]);
  });
});
