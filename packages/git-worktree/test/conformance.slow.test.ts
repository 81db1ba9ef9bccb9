import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspaceContract } from '@baton/conformance';
import { createGitHttpServer, type GitHttpServer } from '@baton/fake-hosts';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createGitRig } from './git-rig.js';
import { hasProgram } from './has-program.js';

let server: GitHttpServer;

beforeAll(async () => {
  server = await createGitHttpServer({ root: '/nonexistent', token: 'good' });
});
afterAll(() => server.close());

// What goes on between a checkout and the remote is the same with spares as without.
describe('git worktrees with spares', () => {
  const concerned = /: (open|workspaces|verify|an-attempt|reopened|list|rescue|remove|vanished|load|aborted)-/;
  workspaceContract(
    (name, body) => concerned.test(name) && it(name, body),
    () => createGitRig(server, { spares: 1 }),
  );
});

// Commits are made and pushed as unsigned ones are, though no signature of such a key is made twice.
describe.skipIf(!hasProgram('ssh-keygen', '-?'))('git worktrees, signed (needs ssh-keygen)', () => {
  const concerned = /commit|push|branch|claim/;
  let keys: string;
  const key = (): string => join(keys, 'key');
  beforeAll(async () => {
    keys = await mkdtemp(join(tmpdir(), 'baton-keys-'));
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', key()]);
  });
  afterAll(() => rm(keys, { recursive: true }));
  workspaceContract(
    (name, body) => concerned.test(name) && it(name, body),
    () => createGitRig(server, { spares: 0, signing: { format: 'ssh', key: key() } }),
  );
});
