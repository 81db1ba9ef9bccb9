import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { scratchGit } from '@baton/fake-hosts';
import { stringify } from 'yaml';
import { makeScratch } from '../support/scratch.js';
import { type Beacon, startBeacon } from './beacon.js';
import type { Place, Row } from './row.js';

const run = promisify(execFile);

/** A secret that was planted, and where. */
export interface Canary {
  readonly where: string;
  readonly value: string;
}

/** What a row is run in. */
export interface HostileScene extends AsyncDisposable {
  readonly place: Place;
  /** Unlike every other scene's: stands in the arguments or the directory of each process of its run. */
  readonly name: string;
  readonly beacon: Beacon;
  readonly canaries: readonly Canary[];
  /** Environment of the daemon, canaries and all. */
  readonly env: Readonly<Record<string, string>>;
  readonly remote: string;
  readonly tracker: string;
  readonly base: string;
  readonly inRemote: (...argv: string[]) => Promise<string>;
}

/** Words by which the agent tells the one issue from the other. */
const honestWords = 'This is the honest issue.';
const earlierWords = 'This is the earlier issue.';

/** A hook of the remote that runs commands in the tree that was pushed. */
const hook = (commands: string): string => `#!/bin/bash
read -r _ commit _
tree=$(mktemp -d)
git archive "$commit" | tar -x -C "$tree"
cd "$tree" && { ${commands}
} >/dev/null 2>&1
rm -rf "$tree"
exit 0
`;

function agentOf(row: Row, place: Place): string {
  return `# of ${basename(place.path)}
prompt=$(cat)
echo right > answer.txt
found() { head -c 4000 >> found.txt; [ -s found.txt ] || rm -f found.txt; }
case "$prompt" in *'${honestWords}'*)
${row.nextScript ?? ':'}
exit 0 ;; *'${earlierWords}'*)
${row.earlier ?? ':'}
exit 0 ;; esac
${row.expect.promptLacks === undefined ? ':' : 'printf %s "$prompt" > prompt.txt'}
${row.script?.(place) ?? ':'}
exit 0`;
}

interface IssueFields {
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly priority?: number;
}

function issueFile({ body, ...front }: IssueFields): string {
  return `---\n${stringify({ ...front, labels: ['baton'] })}---\n${body}\n`;
}

/** Plants canaries, makes the repository, two issues and a configuration. Disposing removes it all. */
export async function makeHostileScene(row: Row, mode: 'required' | 'off'): Promise<HostileScene> {
  const scratch = await makeScratch();
  const { path } = scratch;
  const at = (...parts: string[]): string => join(path, ...parts);
  const mark = `cnry${randomBytes(4).toString('hex')}x`;
  const canary = (where: string): Canary => ({ where, value: `${mark}${where}${randomBytes(12).toString('hex')}` });
  const canaries = {
    token: canary('token'),
    plain: canary('variable'),
    key: canary('sshkey'),
    credentials: canary('credentials'),
    state: canary('state'),
    outside: canary('outside'),
    issue: canary('issue'),
    ci: canary('ci'),
  };
  for (const name of ['home/.ssh', 'home/.aws', 'outside', 'state', 'tmp', 'clone', 'tracker/issues']) {
    await mkdir(at(name), { recursive: true, mode: 0o700 });
  }
  if (row.diskBytes !== undefined) {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${row.diskBytes},mode=700`, 'baton-test', at('state')]);
  }
  const beacon = await startBeacon(at('outside', 'agent.sock'));
  const place: Place = {
    path,
    outside: at('outside'),
    home: at('home'),
    state: at('state'),
    port: beacon.port,
    mark,
    token: canaries.token.value,
  };
  await writeFile(at('home/.ssh/id_ed25519'), canaries.key.value, { mode: 0o600 });
  await writeFile(at('home/.aws/credentials'), `aws_secret_access_key = ${canaries.credentials.value}\n`);
  await writeFile(at('home/.netrc'), `machine example.com password ${canaries.credentials.value}\n`);
  await writeFile(at('state/notes'), canaries.state.value);
  await writeFile(at('outside/notes'), canaries.outside.value);
  const remote = at('remote.git');
  const git = async (cwd: string, argv: readonly string[]): Promise<string> => (await scratchGit(cwd, argv)).trim();
  for (const [name, text] of Object.entries({ 'answer.txt': 'wrong\n', ...row.files })) {
    await mkdir(at('clone', name, '..'), { recursive: true });
    await writeFile(at('clone', name), text);
  }
  for (const [name, target] of Object.entries(row.links ?? {})) await symlink(target, at('clone', name));
  await git(path, ['init', '--quiet', '--bare', '-b', 'main', '--', remote]);
  await git(at('clone'), ['init', '--quiet', '-b', 'main']);
  await git(at('clone'), ['add', '--all', '--force']);
  await git(at('clone'), ['commit', '--quiet', '-m', 'Begin']);
  await git(at('clone'), ['push', '--quiet', remote, 'main']);
  if (row.hostCi !== undefined) {
    const file = at('remote.git/hooks/post-receive');
    await mkdir(at('remote.git/hooks'), { recursive: true });
    await writeFile(file, `${hook(`export CI_SECRET=${canaries.ci.value}\n${row.hostCi(place)}`)}`);
    await chmod(file, 0o755);
  }
  const { title = 'The answer is wrong', body = 'It should say right.', author = 'alice' } = row.issue?.(place) ?? {};
  await writeFile(at('tracker/people.yaml'), 'alice: write\nstranger: read\nrobo: { permission: write, kind: bot }\n');
  await writeFile(at('tracker/issues/0001-hostile.md'), issueFile({ title, body, author }));
  const honest = `${honestWords}\n${canaries.issue.value}`;
  await writeFile(at('tracker/issues/0002-honest.md'), issueFile({ title: 'Honest', body: honest, author: 'alice' }));
  if (row.earlier !== undefined) {
    const earlier = { title: 'Earlier', body: earlierWords, author: 'alice', priority: 1 };
    await writeFile(at('tracker/issues/0003-earlier.md'), issueFile(earlier));
  }
  if (row.comment !== undefined) {
    await mkdir(at('tracker/issues/0001/comments'), { recursive: true });
    const { author: by, body: words } = row.comment;
    await writeFile(at('tracker/issues/0001/comments/0001.md'), `---\nauthor: ${by}\n---\n${words}\n`);
  }
  const project = {
    name: 'web',
    source: { use: 'local', path: './tracker', remote },
    workspace: { use: 'git-worktree', spares: 0 },
    agents: [{ use: 'command', run: `exec bash -c ${quote(agentOf(row, place))}` }],
    verify: { commands: [{ name: 'answer', run: 'grep -q right answer.txt' }] },
    limits: { attempts: 1, rounds: 2, stall: '60s', wallClock: '5m' },
    ...row.project?.(place),
  };
  const sandbox = { ...('sandbox' in project && typeof project.sandbox === 'object' ? project.sandbox : {}), mode };
  await writeFile(
    at('baton.config.yaml'),
    stringify({ version: 1, state: './state', concurrency: 1, ...row.config, projects: [{ ...project, sandbox }] }),
  );
  return {
    place,
    name: basename(path),
    beacon,
    canaries: Object.values(canaries),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: place.home,
      TMPDIR: at('tmp'),
      SSH_AUTH_SOCK: at('outside', 'agent.sock'),
      FORGE_TOKEN: canaries.token.value,
      HARMLESS_NAME: canaries.plain.value,
    },
    remote,
    tracker: at('tracker'),
    base: await git(at('clone'), ['rev-parse', 'main']),
    inRemote: (...argv) => git(path, ['--git-dir', remote, ...argv]),
    [Symbol.asyncDispose]: async () => {
      await beacon[Symbol.asyncDispose]();
      if (row.diskBytes !== undefined) await run('umount', [at('state')]);
      // Unlike Node it deletes what no path reaches.
      await run('rm', ['-rf', '--', path]);
      await scratch[Symbol.asyncDispose]();
    },
  };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
