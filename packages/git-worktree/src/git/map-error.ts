import { totalmem } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { mapMachineError } from '@baton/adapter-kit';
import { BatonError, type BatonErrorCode, type BatonErrorDetails } from '@baton/core';
import { declinedPush } from './declined-push.js';

/** How a git command failed. */
export interface GitFailure {
  readonly verb: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The remote that it talked to, or null. */
  readonly url: string | null;
}

interface Rule {
  readonly pattern: RegExp;
  readonly code: BatonErrorCode;
  readonly fix?: string;
}

const makeRoom = 'Make room on the disk of the state directory, or move `state` elsewhere.';

// Tried in order; git runs with LC_ALL=C, so these are its own words.
const rules: readonly Rule[] = [
  {
    pattern: /No space left on device|Disk quota exceeded/i,
    code: 'DISK_FULL',
    fix: makeRoom,
  },
  {
    pattern: /Read-only file system/i,
    code: 'PERMISSION_DENIED',
    fix: 'Mount the disk of the state directory for writing, and look in the log of the system why it is not.',
  },
  {
    pattern: /Too many open files|Resource temporarily unavailable|Cannot allocate memory|Input\/output error/i,
    code: 'UNAVAILABLE',
    fix: 'Look at the limits of the user that runs Baton (`ulimit -a`), and in the log of the system.',
  },
  {
    // Of what it reads in a checkout nobody knows beforehand how long it is.
    pattern: /^fatal: Out of memory/m,
    code: 'TOO_LARGE',
    fix: 'Look in the checkout for a file of git, such as .gitignore, or one below a .git, that is longer than it should be.',
  },
  {
    pattern: /mismatched algorithms|unknown object format|unsupported object format/i,
    code: 'CAPABILITY_UNSUPPORTED',
    fix: 'Baton works on repositories whose ids are SHA-1: name one that was made with `git init --object-format=sha1`.',
  },
  {
    pattern: /dubious ownership/i,
    code: 'PERMISSION_DENIED',
    fix: 'Let the user that runs Baton own the repository, or reach it over http or ssh.',
  },
  {
    pattern:
      /Authentication failed|could not read (Username|Password)|returned error: 401|terminal prompts disabled|Permission denied \(|Host key verification failed/i,
    code: 'AUTH_FAILED',
    fix: 'Check that the token or key is set, has not expired and may reach this repository.',
  },
  {
    // GitHub and GitLab say so of a push, with 403.
    pattern: /repository (?:was|is) archived|archived (?:project|repository)|is read-only/i,
    code: 'PERMISSION_DENIED',
    fix: "Take the repository out of the archive in its settings, or take Baton's label off its issues.",
  },
  {
    pattern:
      /returned error: 403|pre-receive hook declined|hook declined|protected branch|denied to |not allowed to push/i,
    code: 'PERMISSION_DENIED',
    fix: 'Give the token write access to the contents of the repository, and look at its branch rules.',
  },
  {
    pattern: /directory file conflict|exists; cannot create/i,
    code: 'CONFLICT',
    fix: 'Delete or rename the branch that stands in the way: `baton` and `baton/issue-1` can not both exist.',
  },
  {
    pattern: /stale info|\[rejected\]|fetch first|non-fast-forward|remote rejected|incorrect old value/i,
    code: 'CONFLICT',
  },
  {
    pattern: /certificate verification failed|SSL certificate problem|certificate is not trusted/i,
    code: 'UNAVAILABLE',
    fix: "Name the file of the authority's certificate in GIT_SSL_CAINFO for git, and in NODE_EXTRA_CA_CERTS for the host's interface, and start Baton anew.",
  },
  {
    pattern:
      /Could not resolve|Connection (refused|timed out|reset)|Failed to connect|Couldn't connect|early EOF|remote end hung up|unexpected disconnect|returned error: (5\d\d|429)|timed out|too slow|Empty reply|RPC failed|gnutls_|SSL_|Network is unreachable|No route to host/i,
    code: 'UNAVAILABLE',
  },
  {
    pattern: /returned error: 30\d|unable to update url base/i,
    code: 'NOT_FOUND',
    fix: 'The repository was moved: name its new address in the configuration.',
  },
  {
    pattern:
      /couldn't find remote ref|returned error: 404|Repository not found|repository '.*' not found|does not appear to be a git repository|does not exist|Not a valid object name|not a tree object|bad object|invalid reference|invalid object|unknown revision|ambiguous argument|not a valid (commit|object)|unable to read tree|failed to unpack tree object|Not a valid commit|bad revision|no such (commit|ref)/i,
    code: 'NOT_FOUND',
  },
  {
    // Too young to be taken for one that a killed git left.
    pattern: /Unable to create '.*\.lock': File exists/i,
    code: 'UNAVAILABLE',
    fix: 'Another git may hold this lock: end it. One that a killed git left goes by itself within a minute.',
  },
  { pattern: /unable to access|Could not read from remote repository/i, code: 'UNAVAILABLE' },
];

/** A failure of git as one of Baton's errors. The message holds git's own first complaint, and no credential: git never saw one in words. What it quotes is cut, so the failure has to be masked. */
export function mapGitError(failure: GitFailure, adapter: string): BatonError {
  const where = failure.url === null ? '' : ` at ${failure.url}`;
  const declined = declinedBecause(plainWords(failure.stdout));
  if (declined !== null) {
    // Beside git's own words stand those of whoever wrote the hook: no rule of ours may read these.
    return declinedPush(failure, { reason: declined, said: remoteLines(failure.stderr), adapter });
  }
  const said = `${failure.stderr.slice(0, mostWords)}\n${failure.stdout.slice(0, mostWords)}`;
  const rule = rules.find((each) => each.pattern.test(said));
  const code = rule?.code ?? 'COMMAND_FAILED';
  // Why a host lets nobody in it says itself, beside git's "error: 403".
  const told = code === 'PERMISSION_DENIED' ? remoteLines(failure.stderr).join(' ').slice(0, 500).toWellFormed() : '';
  const complaint = told === '' ? firstComplaint(failure) : `${told} (${firstComplaint(failure)})`;
  return new BatonError(code, `git ${failure.verb}${where} failed: ${complaint}`, {
    details: detailsOf(code, failure),
    adapter,
    ...(rule?.fix === undefined ? {} : { fix: rule.fix }),
  });
}

/** Why the other side declined a ref, of `git push --porcelain`; null where it did not, by a rule or hook of its own. */
function declinedBecause(stdout: string): string | null {
  const reason = /\[remote rejected\] \((.*(?:declined|prohibited|protected branch|not allowed).*)\)/i.exec(
    stdout,
  )?.[1];
  return reason?.slice(0, 500).toWellFormed() ?? null;
}

/** What others wrote, the other side's hooks among them, without anything that a terminal would obey. Lines stay. */
function plainWords(text: string): string {
  return stripVTControlCharacters(text.slice(0, mostWords))
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .toWellFormed();
}

const mostWords = 65_536;

/** What the other side's programs said. */
function remoteLines(stderr: string): readonly string[] {
  const lines = stderr.split('\n').filter((line) => line.startsWith('remote: '));
  return lines.map((line) => plainWords(line.slice('remote: '.length)).trim()).filter((line) => line !== '');
}

/** What the machine lacks, where a failure of the file system says so; anything else as it is. */
export function mapMachineFailure(error: unknown, path: string): unknown {
  return mapMachineError(error, path, 'git-worktree') ?? error;
}

/** That there is no room left, and what to do about it. */
export function diskFull(path: string, cause: unknown): BatonError<'DISK_FULL'> {
  return new BatonError('DISK_FULL', `There is no room left for ${JSON.stringify(path)}.`, {
    details: { path },
    adapter: 'git-worktree',
    fix: makeRoom,
    cause,
  });
}

/** Whether another git was in the way, or the remains of one. */
export function isLocked(failure: GitFailure): boolean {
  if (failure.url !== null && /\[remote rejected\]/.test(failure.stdout)) return false;
  return /Unable to create '.*\.lock'|cannot lock ref(?!.*cannot create)|failed to read .*commondir|could not lock config file/i.test(
    failure.stderr,
  );
}

/** The lock file that was in the way, or null. */
export function staleLockOf(failure: GitFailure): string | null {
  return /Unable to create '(.*\.lock)': File exists/i.exec(failure.stderr)?.[1] ?? null;
}

function firstComplaint(failure: GitFailure): string {
  const lines = plainWords(`${failure.stderr}\n${failure.stdout}`)
    .split('\n')
    .map((line) => line.trim());
  const told =
    lines.find((line) => /^(fatal|error):/i.test(line) && !/failed to push some refs/.test(line)) ??
    lines.find((line) => /rejected/.test(line)) ??
    lines.find((line) => line !== '');
  return (told ?? `exit code ${failure.exitCode}`).slice(0, 500).toWellFormed();
}

function detailsOf(code: BatonErrorCode, failure: GitFailure): BatonErrorDetails[BatonErrorCode] {
  const status = Number(/returned error: (\d{3})/.exec(failure.stderr)?.[1] ?? Number.NaN);
  const resource = failure.url ?? /'([^']+)'/.exec(failure.stderr)?.[1] ?? failure.verb;
  switch (code) {
    case 'AUTH_FAILED':
    case 'UNAVAILABLE':
      return Number.isNaN(status) ? {} : { status };
    case 'PERMISSION_DENIED':
    case 'NOT_FOUND':
      return { resource };
    case 'DISK_FULL':
      return { path: resource };
    case 'TOO_LARGE':
      return {
        resource: `what git ${failure.verb} reads`,
        limit: 'bytes of memory',
        allowed: Math.floor(totalmem() / 2),
      };
    case 'CAPABILITY_UNSUPPORTED':
      return { capability: 'repositories with SHA-256 ids' };
    case 'COMMAND_FAILED':
      return { command: `git ${failure.verb}` };
    default:
      return {};
  }
}
