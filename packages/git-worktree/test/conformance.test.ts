import { workspaceContract } from '@baton/conformance';
import { createGitHttpServer, type GitHttpServer } from '@baton/fake-hosts';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createGitRig } from './git-rig.js';

let server: GitHttpServer;

beforeAll(async () => {
  server = await createGitHttpServer({ root: '/nonexistent', token: 'good' });
});
afterAll(() => server.close());

describe('git worktrees without spares', () => workspaceContract(it, () => createGitRig(server, { spares: 0 })));
