import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LocalScene, makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

const { files } = await createBubblewrapSandbox({ mode: 'best-effort' }).measure();

async function makeScene(project: Readonly<Record<string, unknown>>): Promise<LocalScene> {
  const scene = await makeLocalScene({ agent: () => 'true', project: () => project });
  await mkdir(join(scene.path, 'tools'));
  await writeFile(join(scene.path, 'tools', 'agent.sh'), '#!/bin/sh\ntrue\n');
  await chmod(join(scene.path, 'tools', 'agent.sh'), 0o755);
  return scene;
}

const command = (run: string, id: string) => ({ use: 'command', id, run });

describe('the doctor, of agents that are commands', () => {
  it('has a line for each, and fails for one that is nowhere', async () => {
    const agents = [command('cat > prompt', 'first'), command('no-such-agent-anywhere -x', 'second')];
    await using scene = await makeScene({ agents, sandbox: { mode: 'best-effort', readable: ['./no-such-path'] } });
    const { stdout, exitCode } = await scene.baton('doctor');
    expect(stdout).toMatch(/✓ web first +program: cat is \S+ in the sandbox\./);
    expect(stdout).toMatch(/✗ web second +program: There is no program no-such-agent-anywhere .*\n +fix: /);
    expect(stdout).toMatch(/! web +sandbox\.readable: \S+\/no-such-path isn't there.*\n +fix: mend the path/);
    expect(exitCode).toBe(1);
  }, 60_000);

  it.skipIf(files === 'open')(
    'tells what has to be listed, and looks where it would run (needs bubblewrap)',
    async () => {
      await using scene = await makeScene({ agents: [command('"$AGENT"', 'first')] });
      const file = join(scene.path, 'baton.config.yaml');
      const config = (readable: string) => `version: 1
state: ./state
projects:
  - name: web
    source: { use: local, path: ./tracker, remote: ${scene.remote} }
    agents: [{ use: command, run: ${scene.path}/tools/agent.sh -x }]
    sandbox: { readable: [${readable}] }
`;
      await writeFile(file, config(''));
      const agent = join(scene.path, 'tools', 'agent.sh');
      const { stdout } = await scene.baton('doctor');
      expect(stdout).toContain(`program: ${agent} stands at ${agent}, which isn't there in the sandbox.`);
      expect(stdout).toContain(`fix: List ${agent}, or the directory with all that it needs, under sandbox.readable.`);
      await writeFile(file, config(agent));
      expect((await scene.baton('doctor')).stdout).toContain(`✓ web command          program: ${agent} is there`);
    },
    60_000,
  );
});
