import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecrets } from '@baton/adapter-kit';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/cli/run-cli.js';
import { type LocalScene, makeLocalScene } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

/** What a verb writes, line by line; `columns`: onto a terminal that is so wide. */
async function linesOn(scene: LocalScene, columns: number | null, argv: readonly string[]): Promise<readonly string[]> {
  let written = '';
  const write = (text: string): boolean => {
    written += text;
    return true;
  };
  const stream = { write, ...(columns === null ? {} : { isTTY: true, columns }) };
  const running: NodeJS.Process = Object.create(process, {
    argv: { value: ['node', 'baton', ...argv, '--no-input'] },
    stdout: { value: stream },
    stderr: { value: stream },
    cwd: { value: () => scene.path },
    on: { value: () => process },
  });
  const environment = { PATH: process.env['PATH'] ?? '', HOME: scene.path, NO_COLOR: '1' };
  await runCli(running, environment, createSecrets(environment));
  return written.split('\n');
}

const title = 'The answer is wrong in several places of the documentation, and in the code that is made from it';

/** In a script without blanks, each letter two columns wide, with pictures of several parts and letters of two signs. */
const wideTitle = `回答は文書のいくつかの場所と、そこから作られるコードで誤っています。👩\u200d👩\u200d👧 🇩🇪 e\u0301 ${'正しい答えを、すべての場所に。'.repeat(4)}`;

/** How many columns a line takes, as far as it is made of these. */
function columnsOf(line: string): number {
  const pictures = line.replaceAll(/👩\u200d👩\u200d👧|🇩🇪/gu, '##').replaceAll('\u0301', '');
  return [...pictures.replaceAll(/[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff60]/gu, '##')].length;
}

/** One job in review, one that waits, one issue of a stranger; each with more to tell than a line holds. */
async function makeTalkativeScene(): Promise<LocalScene> {
  const scene = await makeLocalScene({
    agent: () => `echo right > answer.txt; echo "${'I have looked for other places, and found none. '.repeat(4)}"`,
    files: {
      'answer.txt': 'wrong\n',
      '.baton.yaml': 'checks: [{ name: tidy and neat, run: "true" }]\nprotectedPaths: [docs, deploy/production]\n',
    },
    project: () => ({
      sandbox: { mode: 'off' },
      verify: {
        commands: [
          { name: 'the answer is right', run: 'grep -q right answer.txt' },
          { name: '答えが正しいこと', run: 'grep -q right answer.txt' },
        ],
      },
    }),
  });
  const issue = (number: number, author: string, told = title): Promise<void> =>
    writeFile(
      join(scene.path, 'tracker', 'issues', `000${number}-more.md`),
      `---\ntitle: ${told}\nlabels: [baton]\nauthor: ${author}\n---\nMore.\n`,
    );
  await Promise.all([issue(2, 'bob'), issue(3, 'carol'), issue(4, 'alice'), issue(5, 'alice', wideTitle)]);
  await writeFile(join(scene.path, 'tracker', 'people.yaml'), 'alice: write\nbob: rite\n');
  await scene.baton('start', '--once');
  await scene.baton('pause', '--reason', 'until the machine has been looked at, which will take some days at least');
  return scene;
}

describe('on a terminal', () => {
  it('every line fits, as far as its words do; in a pipe each stays whole', async () => {
    await using scene = await makeTalkativeScene();
    const verbs = [
      ...[
        'list --all',
        'show 1',
        'show 2',
        'show 4',
        'show 5',
        'status',
        'plan',
        'explain 1',
        'explain 2',
        'explain 5',
      ],
      ...[
        'explain 3',
        'doctor --baseline',
        'config print --sources',
        'logs',
        'report',
        'recover',
        'approve 4',
        'show 99',
      ],
    ].map((each) => each.split(' '));
    // What can't be broken, such as a path, stands in its cell by itself.
    const fits = (line: string, columns: number): boolean =>
      columnsOf(line) <= columns || /(^| {2,})[!-~]+$/.test(line);
    for (const argv of verbs) {
      for (const columns of [80, 120]) {
        const lines = await linesOn(scene, columns, argv);
        expect([argv, columns, lines.filter((line) => !fits(line, columns))]).toEqual([argv, columns, []]);
      }
    }
    expect(await linesOn(scene, null, ['list', '--all'])).toHaveLength(5 + 2);
    const [first, second] = await linesOn(scene, null, ['explain', '2']);
    expect([first, second?.trim()]).toEqual([
      `local:0002  ${title}`,
      expect.stringMatching(/^waits: unavailable +decided /),
    ]);
    expect((await linesOn(scene, null, ['plan'])).filter((line) => line.startsWith('web'))).toHaveLength(5);
    const sources = await linesOn(scene, null, ['config', 'print', '--sources']);
    // One long value takes nothing away from the others.
    expect(sources).toContainEqual(expect.stringMatching(/^concurrency +3 {2}default$/));
    expect(sources.find((line) => line.includes('agents[0].run'))).toMatch(
      /found none\. \\"" +baton\.config\.yaml:\d+:\d+$/,
    );
  });

  it('tells of a broken configuration in lines that fit', async () => {
    await using scene = await makeLocalScene({ agent: () => 'true', config: { minFreeDisk: '1G', teapot: 1 } });
    const lines = await linesOn(scene, 80, ['config', 'validate']);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.length).toBeGreaterThan((await linesOn(scene, null, ['config', 'validate'])).length);
  });
});
