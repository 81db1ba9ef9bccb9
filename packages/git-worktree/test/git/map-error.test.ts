import { describe, expect, it } from 'vitest';
import { mapGitError, mapMachineFailure } from '../../src/git/map-error.js';

const failure = { verb: 'push', exitCode: 128, stdout: '', stderr: '', url: 'https://git.example.com/a.git' };

describe('errors of git', () => {
  // Each as git 2.39 or a host was seen to say it.
  it.each([
    ['fatal: sha1 file ... write error: No space left on device', 'DISK_FULL'],
    ["fatal: Authentication failed for 'https://git.example.com/a.git/'", 'AUTH_FAILED'],
    [
      'git@git.example.com: Permission denied (publickey).\nfatal: Could not read from remote repository.',
      'AUTH_FAILED',
    ],
    [
      'remote: Permission to a/b.git denied to somebody.\nfatal: unable to access: The requested URL returned error: 403',
      'PERMISSION_DENIED',
    ],
    [' ! [remote rejected] a -> a (pre-receive hook declined)', 'PERMISSION_DENIED'],
    [
      'remote: error: GH006: Protected branch update failed for refs/heads/main.\n ! [remote rejected] (protected branch hook declined)',
      'PERMISSION_DENIED',
    ],
    [
      "fatal: unable to access 'https://git.example.com/a.git/': Could not resolve host: git.example.com",
      'UNAVAILABLE',
    ],
    ["fatal: unable to access 'https://git.example.com/a.git/': The requested URL returned error: 502", 'UNAVAILABLE'],
    [
      'ssh: connect to host git.example.com port 22: Connection timed out\nfatal: Could not read from remote repository.',
      'UNAVAILABLE',
    ],
    [
      "fatal: unable to access 'https://git.example.com/a.git/': server certificate verification failed. CAfile: none CRLfile: none",
      'UNAVAILABLE',
    ],
    [
      "fatal: unable to access 'https://git.example.com/a.git/': SSL certificate problem: unable to get local issuer certificate",
      'UNAVAILABLE',
    ],
    ["fatal: couldn't find remote ref refs/heads/none", 'NOT_FOUND'],
    ['remote: Repository not found.\nfatal: repository not found', 'NOT_FOUND'],
    ['! refs/heads/a:refs/heads/a [rejected] (stale info)', 'CONFLICT'],
    ["fatal: detected dubious ownership in repository at '/srv/a.git'", 'PERMISSION_DENIED'],
    ['fatal: something that nobody thought of', 'COMMAND_FAILED'],
    ["error: unable to create temporary file: Read-only file system\nfatal: it can't be written", 'PERMISSION_DENIED'],
    ['error: cannot fork() for rev-list: Resource temporarily unavailable', 'UNAVAILABLE'],
    ["fatal: open '/state/vault/HEAD' failed: Too many open files", 'UNAVAILABLE'],
    ["error: open('a.txt'): Input/output error", 'UNAVAILABLE'],
    ["fatal: cannot lock ref 'a': Unable to create '/state/vault/a.lock': File exists.", 'UNAVAILABLE'],
  ])('%s', (stderr, code) => {
    const error = mapGitError({ ...failure, stderr }, 'git-worktree');
    expect(error.code).toBe(code);
    expect(error.message).toContain('git push at https://git.example.com/a.git failed: ');
  });

  it.each([
    'remote: This repository was archived so it is read-only.',
    'remote: GitLab: You are not allowed to push to an archived project.',
  ])('tell of an archived repository in the words of the host: %s', (said) => {
    const stderr = `${said}\nfatal: unable to access 'https://git.example.com/a.git/': The requested URL returned error: 403`;
    const error = mapGitError({ ...failure, stderr }, 'git-worktree');
    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', fix: expect.stringContaining('out of the archive') });
    expect(error.message).toContain(said.slice('remote: '.length));
    // Nothing of what was sent was turned away: whoever mends the repository mends it.
    expect(error.details).not.toHaveProperty('declined');
  });

  it('say what tells git of a private authority', () => {
    const stderr = 'fatal: unable to access: server certificate verification failed. CAfile: none CRLfile: none';
    expect(mapGitError({ ...failure, stderr }, 'git-worktree').fix).toMatch(/GIT_SSL_CAINFO.*NODE_EXTRA_CA_CERTS/);
  });

  it('tell the status, and a full disk of the file system too (G35)', () => {
    const stderr = 'fatal: unable to access: The requested URL returned error: 503';
    expect(mapGitError({ ...failure, stderr }, 'git-worktree').details).toEqual({ status: 503 });
    expect(mapMachineFailure(Object.assign(new Error('x'), { code: 'ENOSPC' }), '/state')).toMatchObject({
      code: 'DISK_FULL',
    });
    expect(mapMachineFailure(Object.assign(new Error('x'), { code: 'EMFILE' }), '/state')).toMatchObject({
      code: 'UNAVAILABLE',
    });
    const other = Object.assign(new Error('x'), { code: 'EACCES' });
    expect(mapMachineFailure(other, '/state')).toBe(other);
  });
});
