import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolvePath } from '../src/index.js';

describe('a path as an operator writes it', () => {
  it.each([
    ['~', '/home/user'],
    ['~/issues/tracker', '/home/user/issues/tracker'],
    ['~user/work', '/etc/baton/~user/work'],
    ['./a/../b', '/etc/baton/b'],
    ['/var/lib/x', '/var/lib/x'],
    ['a~/b', '/etc/baton/a~/b'],
  ])('%s is %s', (path, expected) => {
    expect(resolvePath(path, '/etc/baton', '/home/user')).toBe(expected);
  });

  it('is of the account that runs it, where nothing else is said', () => {
    expect(resolvePath('~/x', '/')).toBe(join(homedir(), 'x'));
  });
});
