import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { makeScratch } from '../support/scratch.js';
import { messageOf, wire } from '../support/wire-scene.js';

describe('what cannot be wired', () => {
  it.each([
    [
      'an adapter that nobody has',
      '    source: { use: locla }\n    agents: [{ use: scripted, file: s }]\n',
      'baton.config.yaml:5:20: projects[0].source.use: no adapter is called "locla"; did you mean local?',
    ],
    [
      'a setting that a built-in one lacks',
      '    source: { use: local, pth: x }\n    agents: [{ use: scripted, file: s }]\n',
      'baton.config.yaml:5:27: projects[0].source.pth: unknown key; did you mean path?',
    ],
    [
      'a nested setting that the adapter itself refuses',
      '    source: { use: local }\n    workspace: { use: git-worktree, setup: { run: "" } }\n    agents: [{ use: scripted, file: s }]\n',
      'baton.config.yaml:6:51: projects[0].workspace.setup.run: expected some text',
    ],
    [
      'a setting that an installed one refuses',
      '    source: { use: local }\n    agents: [{ use: "@acme/baton-agent", team: nobody }]\n',
      'baton.config.yaml:6:42: projects[0].agents[0].team: There is no such team.',
    ],
    [
      'a setting that an installed one does not know, in its own words',
      '    source: { use: local }\n    agents: [{ use: "@acme/baton-agent", taem: red }]\n',
      'baton.config.yaml:6:48: projects[0].agents[0].taem: isn\'t valid: is no setting of acme, found "red"',
    ],
    [
      'a setting of a wrong type',
      '    source: { use: local, path: 7 }\n    agents: [{ use: scripted, file: s }]\n',
      'baton.config.yaml:5:33: projects[0].source.path: expected text, found 7',
    ],
    [
      'a setting out of range',
      '    source: { use: local }\n    workspace: { use: git-worktree, spares: 65 }\n    agents: [{ use: scripted, file: s }]\n',
      'baton.config.yaml:6:45: projects[0].workspace.spares: expected at most 64, found 65',
    ],
    [
      'a word that is none of those that there are',
      '    source: { use: local }\n    workspace: { use: git-worktree, submodules: leav }\n    agents: [{ use: scripted, file: s }]\n',
      'projects[0].workspace.submodules: expected one of refuse, leave, found "leav"; did you mean leave?',
    ],
    [
      'a setting that is missing',
      '    source: { use: github }\n    agents: [{ use: scripted, file: s }]\n',
      'projects[0].source.repository: is missing',
    ],
    [
      'an address that holds what the adapter puts behind it',
      '    source: { use: gitlab, repository: a/b, baseUrl: "https://gitlab.example.com/api/v4" }\n    agents: [{ use: scripted, file: s }]\n',
      'projects[0].source.baseUrl: The setting baseUrl of gitlab must be the address of GitLab itself',
    ],
    [
      'a package without a default export',
      '    source: { use: local }\n    agents: [{ use: ./nothing.mjs }]\n',
      'baton.config.yaml:6:21: projects[0].agents[0].use: the package ./nothing.mjs is no Baton adapter: it has no default export',
    ],
    [
      'a package of an earlier Baton',
      '    source: { use: local }\n    agents: [{ use: ./old.mjs }]\n',
      'projects[0].agents[0].use: the package ./old.mjs was made for an earlier Baton',
    ],
    [
      'a package that serves no role',
      '    source: { use: local }\n    agents: [{ use: ./idle.mjs }]\n',
      'projects[0].agents[0].use: the package ./idle.mjs is no Baton adapter: its default export lacks an id, settings or a role',
    ],
    [
      'a schema that throws',
      '    source: { use: local }\n    agents: [{ use: "@acme/baton-agent", team: broken }]\n',
      "projects[0].agents[0].use: @acme/baton-agent can't read its settings: The schema is broken.",
    ],
    [
      'a role that throws',
      '    source: { use: local }\n    agents: [{ use: ./failing.mjs }]\n',
      'projects[0].agents[0].use: acme fails to make its role agent: Error: no heart.',
    ],
    [
      'a contract that nobody knows',
      '    source: { use: local }\n    agents: [{ use: ./foreign.mjs }]\n',
      'projects[0].agents[0].use: acme speaks coding-agent/7 in its role agent, where coding-agent/1 is known.',
    ],
    [
      'a role that makes nothing',
      '    source: { use: local }\n    agents: [{ use: ./empty.mjs }]\n',
      'projects[0].agents[0].use: acme speaks nothing in its role agent',
    ],
    [
      'two agents of one name',
      '    source: { use: local }\n    agents: [{ use: command, run: a }, { use: command, run: b }]\n',
      'baton.config.yaml:6:47: projects[0].agents[1].use: an agent above is called command already',
    ],
    [
      'a misspelt key of every source beside an adapter',
      '    source: { use: local, lables: [x] }\n    agents: [{ use: scripted, file: s }]\n',
      'baton.config.yaml:5:27: projects[0].source.lables: unknown key; did you mean labels?',
    ],
    [
      "a variable's value in the place of its name",
      '    source: { use: github, repository: a/b, tokenEnv: $GITHUB_TOKEN }\n    agents: [{ use: scripted, file: s }]\n',
      "projects[0].source.tokenEnv: isn't valid: has to be the name of an environment variable, without $",
    ],
    [
      'two adapters of one name',
      '    source: { use: local }\n    agents: [{ use: "@acme/baton-agent", team: red }, { use: ./twin.mjs, team: red }]\n',
      'projects[0].agents[1].use: ./twin.mjs calls itself acme, as @acme/baton-agent does',
    ],
    [
      'an adapter in a role that it has not',
      '    source: { use: local }\n    agents: [{ use: local }]\n',
      "baton.config.yaml:6:21: projects[0].agents[0].use: local can't be an agent, only a source of issues or a forge",
    ],
    [
      'everything at once',
      '    source: { use: nope }\n    agents: [{ use: neither }]\n',
      'baton.config.yaml has 2 problems:\n  baton.config.yaml:5:20: projects[0].source.use',
    ],
  ])('tells of %s at its place', async (_what, project, message) => {
    await using scratch = await makeScratch();
    expect(await messageOf(project, scratch.path)).toContain(message);
  });

  it('takes a misspelt setting for just that, and not for a missing one too', async () => {
    await using scratch = await makeScratch();
    const app = 'app: { id: 1, instalation: 2 }';
    const message = await messageOf(
      `    source: { use: github, repository: a/b, ${app} }\n    agents: [{ use: scripted, file: s }]\n`,
      scratch.path,
    );
    expect(message).toBe(
      'baton.config.yaml:5:59: projects[0].source.app.instalation: unknown key; did you mean installation?',
    );
  });

  it.each([
    ['a key in the place of its variable', '{ use: codex, keyEnv: sk-hidden }', 'agents[0].keyEnv'],
    ['a password in an address', '{ use: claude, model: m, baseUrl: "htt//me:hidden@host" }', 'agents[0].baseUrl'],
    [
      'a password in an address that is one',
      '{ use: claude, model: m, baseUrl: "ftp://me:hidden@host" }',
      'agents[0].baseUrl',
    ],
    [
      'a token in the place of another value',
      '{ use: command, run: cat, id: ghp_hidden0123456789hidden }',
      'agents[0].id',
    ],
    ['a token in the place of a key', '{ use: command, run: cat, ghp_hidden0123456789hidden: 1 }', 'agents[0].'],
    ['a secret where none belongs', '{ use: command, run: cat, apiKey: hidden }', 'agents[0].apiKey'],
  ])('repeats no secret: %s', async (_what, agent, place) => {
    await using scratch = await makeScratch();
    const message = await messageOf(`    source: { use: local }\n    agents: [${agent}]\n`, scratch.path);
    expect(message).toContain(place);
    expect(message).not.toContain('hidden');
  });

  it.each([
    [
      'a folder that is a package',
      '    source: { use: local }\n    agents: [{ use: ./folder/ }]\n',
      'projects[0].agents[0].use: ./folder/ is a folder, and use takes a file or the name of an installed package',
      'name its file: ./folder/lib/index.js',
    ],
    [
      'a folder that is none',
      '    source: { use: local }\n    agents: [{ use: . }]\n',
      'projects[0].agents[0].use: . is a folder, and use takes a file',
      'whose default export is made by defineAdapter, such as ./adapter.js',
    ],
    [
      'a file that is not there',
      '    source: { use: local }\n    gates: [{ use: ./gate.mjs }]\n    agents: [{ use: scripted, file: s }]\n',
      'projects[0].gates[0].use: there is no file ',
      'mend the path: it counts from the folder of the configuration file',
    ],
    [
      'a path from the home directory',
      '    source: { use: local }\n    agents: [{ use: ~/agent.mjs }]\n',
      'projects[0].agents[0].use: no adapter is called "~/agent.mjs", and ~ stands for no home directory here',
      'write the path out, from / or from ./',
    ],
    [
      'a file that names a package which is not there',
      '    source: { use: local }\n    agents: [{ use: ./needy.mjs }]\n',
      "projects[0].agents[0].use: the adapter ./needy.mjs can't be loaded: Cannot find package 'no-such-package'",
      'install no-such-package beside the file',
    ],
    [
      'an agent in the place of a source',
      '    source: { use: command, run: x }\n    agents: [{ use: scripted, file: s }]\n',
      "baton.config.yaml:5:20: projects[0].source.use: command can't be a source of issues, only an agent",
      'use another here: github, gitlab, local, a package that is a source of issues',
    ],
    [
      'no adapter at all that could stand there',
      '    source: { use: jira }\n    agents: [{ use: scripted, file: s }]\n',
      'projects[0].source.use: no adapter is called "jira"',
      'use github, gitlab, local; or install the package beside the configuration file, or name a file by a path that begins with ./',
    ],
    [
      'a command that runs nothing',
      '    source: { use: local }\n    verify: { commands: [{ name: test, run: " " }] }\n    agents: [{ use: scripted, file: s }]\n',
      'baton.config.yaml:6:45: projects[0].verify.commands[0].run: The check "test" runs nothing',
      'Write the command.',
    ],
    [
      'a report outside of the repository',
      '    source: { use: local }\n    verify: { commands: [{ name: a, run: x }, { name: test, run: x, report: ../x }] }\n    agents: [{ use: scripted, file: s }]\n',
      'projects[0].verify.commands[1].report: The report of "test" is not a path inside the repository',
      'Write `tap`, or a path',
    ],
    [
      'a secret in the place of its variable',
      '    source: { use: github, repository: a/b, token: abc }\n    agents: [{ use: scripted, file: s }]\n',
      'projects[0].source.token: unknown key; did you mean tokenEnv?',
      'write tokenEnv in place of token, and the name of an environment variable as its value',
    ],
  ])('tells how to mend %s', async (_what, project, message, fix) => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.path, 'folder'));
    await writeFile(join(scratch.path, 'folder', 'package.json'), '{ "exports": { ".": "./lib/index.js" } }');
    const error: unknown = await wire(project, scratch.path).catch((reason: unknown) => reason);
    if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
    expect(error.message).toContain(message);
    expect(error.fix).toContain(fix);
  });
});
