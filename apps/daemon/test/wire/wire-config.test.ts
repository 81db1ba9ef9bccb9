import { join } from 'node:path';
import { adapterRoles } from '@baton/adapter-kit';
import { describe, expect, it } from 'vitest';
import { builtIns } from '../../src/wire/built-ins.js';
import { makeScratch } from '../support/scratch.js';
import { messageOf, wire } from '../support/wire-scene.js';

describe('what a configuration is wired to', () => {
  it('builds projects of built-in adapters and of a package installed beside the file', async () => {
    await using scratch = await makeScratch();
    const agents =
      'agents: [{ use: "@acme/baton-agent", team: red, model: m-1 }, { use: command, run: cat, model: m-2 }]';
    const verify = 'verify: { commands: [{ name: test, run: npm test, report: tap }] }';
    const [project] = await wire(`    source: { use: local }\n    ${agents}\n    ${verify}\n`, scratch.path);
    expect(project?.agents.map(({ agent, model }) => [agent.id, model])).toEqual([
      ['acme-red', 'm-1'],
      ['command', 'm-2'],
    ]);
    expect(project).toMatchObject({
      source: { id: 'local' },
      forge: { id: 'local' },
      workspaces: { id: 'git-worktree' },
    });
    expect(project?.gates.map(({ id }) => id)).toEqual(['change-policy', 'checks']);
    expect(project?.sandbox.readable).toEqual(expect.arrayContaining(['/usr/bin', join(process.execPath, '..')]));
  });

  it('looks at gates of packages after its own', async () => {
    await using scratch = await makeScratch();
    const gates = 'gates: [{ use: "@acme/baton-agent", team: red }]';
    const [project] = await wire(
      `    source: { use: local }\n    agents: [{ use: command, run: cat }]\n    ${gates}\n`,
      scratch.path,
    );
    expect(project?.gates.map(({ id }) => id)).toEqual(['change-policy', 'test-loss', 'acme-gate']);
  });

  it('knows in which roles the built-in adapters serve', async () => {
    for (const [name, { roles, load }] of Object.entries(builtIns)) {
      const adapter = await load();
      expect([name, adapterRoles.filter((role) => adapter[role] !== undefined)]).toEqual([name, roles]);
    }
  });

  it('has a forge take over what it is not given, and tells what is wrong of that where it stands', async () => {
    await using scratch = await makeScratch();
    const agents = 'agents: [{ use: scripted, file: s }]';
    const [project] = await wire(
      `    source: { use: local, path: tracker }\n    forge: { use: local, remote: ./elsewhere.git }\n    ${agents}\n`,
      scratch.path,
    );
    expect(await project?.forge.remote()).toEqual({ url: join(scratch.path, 'elsewhere.git') });
    const message = await messageOf(
      `    source: { use: local, path: 7 }\n    forge: { use: local, remote: ./elsewhere.git }\n    ${agents}\n`,
      scratch.path,
    );
    expect(message).toBe('baton.config.yaml:5:33: projects[0].source.path: expected text, found 7');
  });
});
