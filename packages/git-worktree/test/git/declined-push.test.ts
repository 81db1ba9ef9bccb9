import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, type Workspace } from '@baton/core';
import { createGitHttpServer, type GitHttpServer } from '@baton/fake-hosts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScene, git, type Scene, write } from '../scene.js';

/** What a host prints when it turns a push away, as a hook of a real server, and what people are told of it. */
const refusals: Readonly<Record<string, readonly [says: readonly string[], words: RegExp, fix: RegExp]>> = {
  'GitHub: signing demanded': [
    [
      'error: GH013: Repository rule violations found for refs/heads/baton/issue-1.',
      'Review all repository rules at https://github.com/acme/shop/rules?ref=refs%2Fheads%2Fbaton%2Fissue-1',
      '',
      '- Commits must have verified signatures.',
      '  Found 1 violation:',
      '',
      '  2eac12b1d0',
    ],
    /Commits must have verified signatures\.$/,
    /workspace\.signing/,
  ],
  'GitLab: signing demanded': [
    ['GitLab: Commit must be signed with a GPG key'],
    /must be signed with a GPG key/,
    /workspace\.signing/,
  ],
  'GitHub: a secret (push protection)': [
    [
      'error: GH013: Repository rule violations found for refs/heads/baton/issue-1.',
      '',
      '- GITHUB PUSH PROTECTION',
      '  —————————————————————————————————————————',
      '    Resolve the following violations before pushing again',
      '',
      '    - Push cannot contain secrets',
      '     (?) Learn how to resolve a blocked push',
      '      —— Amazon AWS Access Key ID ———————————————————',
      '       locations:',
      '         - commit: 2eac12b1d0',
      '           path: answer.txt:1',
    ],
    /Push cannot contain secrets .*Amazon AWS Access Key ID.*path: answer\.txt:1/,
    /baton steer/,
  ],
  'GitHub: a large file': [
    [
      'error: Trace: 0f1e2d',
      'error: See https://gh.io/lfs for more information.',
      "error: File data.bin is 150.00 MB; this exceeds GitHub's file size limit of 100.00 MB",
      'error: GH001: Large files detected. You may want to try Git Large File Storage - https://git-lfs.github.com.',
    ],
    /^[^:]+: error: File data\.bin is 150\.00 MB/,
    /raise the limit/,
  ],
  'GitLab: a large file': [
    ['GitLab: You are attempting to check in one or more blobs which exceed the 100MiB limit'],
    /exceed the 100MiB limit/,
    /raise the limit/,
  ],
  'GitLab: a pattern for messages (push rule)': [
    ["GitLab: Commit message does not follow the pattern '^(feat|fix|docs): .+'"],
    /does not follow the pattern/,
    /messages of Baton/,
  ],
  'GitLab: a pattern for branches (push rule)': [
    ["GitLab: Branch name does not follow the pattern '(feat|fix|doc)/.*'"],
    /Branch name/,
    /baton\/issue-12/,
  ],
  'GitLab: authors are members (push rule)': [
    ["GitLab: Author 'baton@localhost' is not a member of team"],
    /not a member/,
    /commit\.author/,
  ],
  'GitHub: linear history': [
    [
      'error: GH013: Repository rule violations found for refs/heads/baton/issue-1.',
      '- This branch must not contain merge commits.',
    ],
    /must not contain merge commits/,
    /Leave `baton\/\*\*` out of the rule/,
  ],
  'GitHub: changes by pull request alone': [
    [
      'error: GH006: Protected branch update failed for refs/heads/baton/issue-1.',
      'error: Changes must be made through a pull request.',
    ],
    /must be made through a pull request/,
    /becomes a request/,
  ],
  'GitHub: a merge queue': [
    [
      'error: GH013: Repository rule violations found for refs/heads/baton/issue-1.',
      '- Changes must be made through the merge queue',
    ],
    /through the merge queue/,
    /becomes a request/,
  ],
  'GitHub: branches that nobody may create': [
    [
      'error: GH013: Repository rule violations found for refs/heads/baton/issue-1.',
      '- Cannot create ref due to creations being restricted.',
    ],
    /creations being restricted/,
    /create and update `baton\/\*\*`/,
  ],
  'GitLab: a protected branch': [
    ['GitLab: You are not allowed to push code to protected branches on this project.'],
    /protected branches/,
    /create and update `baton\/\*\*`/,
  ],
  'a rule that nobody thought of': [['No pushes on Fridays'], /No pushes on Fridays/, /rules and hooks/],
};

let scene: Scene;
let server: GitHttpServer;
let work: Workspace;
let commit: string;

describe('a push that a rule of the host turns away', () => {
  beforeAll(async () => {
    scene = await createScene();
    server = await createGitHttpServer({ root: scene.home });
    work = await scene.open(scene.createProvider());
    await work.writeFile('new.txt', 'new\n');
    const { tree } = await work.snapshot();
    const author = { name: 'Baton', email: 'baton@example.com' };
    commit = await work.commit({ tree, parents: [work.baseCommit], message: 'Ours\n', author, at: 0 });
    await mkdir(join(scene.remote, 'hooks'), { recursive: true });
  });
  afterAll(async () => {
    await server.close();
    await scene.dispose();
  });

  const refusalOf = async (url: string): Promise<BatonError<'PERMISSION_DENIED'>> => {
    const pushed = work.push({ remote: { url }, branch: 'baton/issue-1', commit, expected: null });
    const error = await pushed.catch((thrown: unknown) => thrown);
    return BatonError.is(error, 'PERMISSION_DENIED') ? error : expect.fail(String(error));
  };

  it.each(Object.entries(refusals))('says which, in the words of the host: %s', async (_, [says, words, fix]) => {
    const lines = says.map((line) => `'${line.replaceAll("'", "'\\''")}'`).join(' ');
    const hook = join(scene.remote, 'hooks', 'pre-receive');
    await write(hook, `#!/bin/sh\nprintf '%s\\n' ${lines} >&2\nexit 1\n`);
    await chmod(hook, 0o755);
    for (const url of [`${server.url}/remote.git`, scene.remote]) {
      const { details, message, fix: advice } = await refusalOf(url);
      expect(details.declined).toMatch(words);
      expect(details.declined).not.toMatch(/Review all|————|Found 1|gh\.io/);
      expect(message).toContain(details.declined);
      expect(advice).toMatch(fix);
    }
    expect(await git(scene.remote, 'for-each-ref', 'refs/heads/baton')).toBe('');
  });
});
