import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { mapMachineError } from '../src/index.js';

const thrown = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: odd`), { code, ...(path && { path }) });

describe('what a machine lacks', () => {
  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EROFS', 'PERMISSION_DENIED'],
    ['EMFILE', 'UNAVAILABLE'],
    ['ENFILE', 'UNAVAILABLE'],
    ['EAGAIN', 'UNAVAILABLE'],
    ['ENOMEM', 'UNAVAILABLE'],
    ['EIO', 'UNAVAILABLE'],
  ])('%s is %s, with a sentence and a way out', (errno, code) => {
    const error = mapMachineError(thrown(errno, '/state/a'), '/state', 'kit');
    expect(error).toMatchObject({ code, adapter: 'kit', fix: expect.stringMatching(/[\w`]\.$/) });
    expect(error?.message).toMatch(new RegExp(`^[A-Z].*"/state/a".* \\(${errno}\\)\\.$`));
  });

  it('is told of what was asked for where Node names nothing', () => {
    expect(mapMachineError(thrown('ENOSPC'), '/state')?.message).toContain('"/state"');
  });

  it.each([
    ['a name that is not there', thrown('ENOENT')],
    ['a name of an object', thrown('constructor')],
    ['an error of ours', new BatonError('INTERNAL', 'Odd.', { details: {} })],
    ['no error at all', 'ENOSPC'],
  ])('is nothing of %s', (_, error) => {
    expect(mapMachineError(error, '/state')).toBeNull();
  });
});
