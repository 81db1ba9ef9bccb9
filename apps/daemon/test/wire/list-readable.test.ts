import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { listReadable } from '../../src/wire/list-readable.js';
import { createShowsPrivate } from '../../src/wire/private-paths.js';
import { makeScratch } from '../support/scratch.js';

it('shows programs of PATH, and never a home, what holds one, or the state', async () => {
  await using scratch = await makeScratch();
  const [home, state] = [join(scratch.path, 'people', 'me'), join(scratch.path, 'opt', 'baton', 'state')];
  const programs = [join(home, '.local', 'bin'), join(scratch.path, 'opt', 'tools'), join(scratch.path, 'node', 'bin')];
  for (const path of [...programs, join(state, 'bin'), join(scratch.path, 'links')]) {
    await mkdir(path, { recursive: true });
  }
  await symlink(home, join(scratch.path, 'links', 'home'));
  await symlink(programs[0] ?? '', join(scratch.path, 'links', 'tools'));
  const path = [
    ...[home, `${home}/`, `${home}/.local/..`, join(scratch.path, 'people'), scratch.path, '/', '//'],
    ...['/home', '/root', '/tmp', '/etc', '/var', '/usr/..', join(scratch.path, 'links', 'home')],
    ...[state, join(state, 'bin'), join(scratch.path, 'opt'), join(scratch.path, 'opt', 'baton')],
    ...[...programs, join(scratch.path, 'links', 'tools'), '/usr/bin'],
  ];
  const environment = { HOME: home, PATH: path.join(delimiter) };
  const nodeFile = join(scratch.path, 'node', 'bin', 'node');
  const shown = listReadable(environment, nodeFile, createShowsPrivate(environment, state));
  expect(shown).toEqual([...programs.slice(0, 2), programs[2], join(scratch.path, 'links', 'tools'), '/usr/bin']);
  // The directory in which Node itself stands is judged by the same measure.
  const atHome = listReadable({ HOME: home, PATH: '' }, join(home, 'node'), createShowsPrivate({ HOME: home }, null));
  expect(atHome).toEqual([]);
});

it('knows a state that is not there yet, and a home by the account', async () => {
  await using scratch = await makeScratch();
  const showsPrivate = createShowsPrivate({ HOME: '/nowhere' }, join(scratch.path, 'later', 'state'));
  expect(showsPrivate(scratch.path)).toBe(true);
  expect(showsPrivate(join(scratch.path, 'later'))).toBe(true);
  expect(showsPrivate(join(scratch.path, 'bin'))).toBe(false);
  expect(showsPrivate('/root')).toBe(true);
  expect(showsPrivate('/home/somebody')).toBe(true);
  expect(showsPrivate('/home/somebody/bin')).toBe(false);
});
