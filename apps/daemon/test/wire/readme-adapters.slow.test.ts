import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalScene, makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The file that the README of the adapter kit shows for an adapter of this id. */
async function readShown(id: string): Promise<string> {
  const text = await readFile(join(root, 'packages', 'adapter-kit', 'README.md'), 'utf8');
  const shown = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  const found = shown.find((code) => code.includes(`  id: '${id}',`));
  if (found === undefined) throw new Error(`the README shows no ${id}`);
  return found;
}

/** Puts an adapter beside the configuration, with the packages that it names where they would be installed. */
async function install(scene: LocalScene, id: string): Promise<void> {
  await writeFile(join(scene.path, `${id}.mjs`), await readShown(id));
  await mkdir(join(scene.path, 'node_modules', '@baton'), { recursive: true });
  for (const name of ['adapter-kit', 'agent-kit']) {
    await symlink(join(root, 'packages', name), join(scene.path, 'node_modules', '@baton', name));
  }
  await symlink(join(root, 'apps', 'daemon', 'node_modules', 'zod'), join(scene.path, 'node_modules', 'zod'));
}

describe('what the README of the adapter kit shows', () => {
  it('is a gate that sends a change back until it says what it is', async () => {
    await using scene = await makeLocalScene({
      agent: () =>
        'case $(cat) in *"Say in CHANGELOG.md"*) echo Mended > CHANGELOG.md ;; esac; echo right > answer.txt',
      project: () => ({ gates: [{ use: './our-gate.mjs' }], sandbox: { mode: 'off' } }),
    });
    await install(scene, 'our-gate');
    expect((await scene.baton('run', '1')).exitCode).toBe(0);
    expect((await scene.job()).round).toBe(2);
    expect(await scene.inRemote('show', 'baton/issue-1:CHANGELOG.md')).toBe('Mended');
  });

  it.each([
    ['whose work is handed in', 'cat > task.txt; echo right > answer.txt; echo Mended.', 0],
    ['that fails where its program does', 'echo lost; exit 3', 6],
  ])('is an agent %s', async (_what, program, exitCode) => {
    await using scene = await makeLocalScene({
      agent: () => 'true',
      files: { 'answer.txt': 'wrong\n', 'agent.sh': `#!/bin/sh\n${program}\n` },
      project: () => ({
        agents: [{ use: './our-agent.mjs', program: './agent.sh' }],
        limits: { attempts: 1 },
        sandbox: { mode: 'off' },
      }),
    });
    await install(scene, 'our-agent');
    await scene.git('update-index', '--chmod=+x', 'agent.sh');
    await scene.git('commit', '--quiet', '-m', 'Run it');
    await scene.git('push', '--quiet', 'origin', 'main');
    expect((await scene.baton('run', '1')).exitCode).toBe(exitCode);
    if (exitCode !== 0) return;
    expect(await scene.inRemote('show', 'baton/issue-1:task.txt')).toContain('`answer.txt` should say `right`.');
    expect(JSON.parse((await scene.baton('show', '1', '--json')).stdout)).toMatchObject({
      agent: 'our-agent',
      summary: 'Mended.',
    });
  });

  it('knows a setting of its agent that is misspelt', async () => {
    await using scene = await makeLocalScene({
      agent: () => 'true',
      project: () => ({ agents: [{ use: './our-agent.mjs', progam: 'x' }] }),
    });
    await install(scene, 'our-agent');
    expect((await scene.baton('config', 'validate')).stderr).toContain('unknown key; did you mean program?');
  });
});
