import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Change, GateInput } from '@baton/core';
import { gateInput } from './gate-input.js';
import { createPlainWorkspace } from './plain-workspace.js';

/** A file's content, bytes, that of a program, a symlink, a nested repository, or null where it is deleted. */
export type Entry = string | Uint8Array | { readonly program: string } | { readonly link: string } | 'gitlink' | null;

const gitlink = 'gitlink';

/** What a change between two states of a repository is to a gate, as real git tells it. Both are temporary. */
export async function changeOf(
  base: Readonly<Record<string, Entry>>,
  head: Readonly<Record<string, Entry>>,
): Promise<GateInput & AsyncDisposable> {
  const workspace = await createPlainWorkspace();
  const repository = mkdtempSync(join(tmpdir(), 'baton-gates-git-'));
  const ask = (words: readonly string[], input?: string): string =>
    execFileSync('git', [`--git-dir=${repository}`, `--work-tree=${workspace.root}`, ...words], {
      cwd: workspace.root,
      encoding: 'utf8',
      input,
      env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    });
  const git = (...words: readonly string[]): string => ask(words);
  const sizesOf = (ids: readonly string[]): ReadonlyMap<string, number> => {
    const told = ids.length === 0 ? '' : ask(['cat-file', '--batch-check=%(objectname) %(objectsize)'], ids.join('\n'));
    return new Map(
      told.split('\n').map((line) => {
        const [id = '', bytes] = line.split(' ');
        return [id, Number(bytes)] as const;
      }),
    );
  };
  const write = (entries: Readonly<Record<string, Entry>>): string => {
    for (const [path, entry] of Object.entries(entries)) writeEntry(join(workspace.root, path), entry);
    git('add', '-A');
    for (const [path, entry] of Object.entries(entries)) {
      if (entry === gitlink) git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},${path}`);
    }
    return git('write-tree').trim();
  };
  plantRepository(repository);
  const before = write(base);
  const tree = write(head);
  const compared = ['-M', before, tree];
  return {
    ...gateInput(workspace, {
      changes: parseChanges(git('diff', '-z', '--raw', '--no-abbrev', '--numstat', ...compared), sizesOf),
      diff: git('diff', ...compared),
      baseCommit: before,
      listPaths: async () => git('ls-tree', '-r', '-z', '--name-only', tree).split('\0').slice(0, -1),
      tree,
    }),
    async [Symbol.asyncDispose]() {
      rmSync(repository, { recursive: true, force: true });
      await workspace[Symbol.asyncDispose]();
    },
  };
}

/** What makes a directory a repository to git (gitrepository-layout(5)): hundreds of tests need not start git for it. */
function plantRepository(path: string): void {
  for (const name of ['objects', 'refs']) mkdirSync(join(path, name));
  writeFileSync(join(path, 'HEAD'), 'ref: refs/heads/main\n');
}

function writeEntry(path: string, entry: Entry): void {
  rmSync(path, { recursive: true, force: true });
  if (entry === null || entry === gitlink) return;
  mkdirSync(dirname(path), { recursive: true });
  if (typeof entry === 'string' || entry instanceof Uint8Array) writeFileSync(path, entry);
  else if ('program' in entry) writeFileSync(path, entry.program, { mode: 0o755 });
  else symlinkSync(entry.link, path);
}

const kinds: Readonly<Record<string, Change['kind']>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  T: 'type-changed',
};

/** Git's own machine-readable form (git-diff(1), "RAW OUTPUT FORMAT" and `--numstat`): first all modes, then all counts. */
function parseChanges(
  told: string,
  sizesOf: (ids: readonly string[]) => ReadonlyMap<string, number>,
): readonly Change[] {
  const fields = told.split('\0').slice(0, -1);
  const raws = [];
  while (fields[0]?.startsWith(':')) {
    const [oldMode = '', mode = '', oldId = '', id = '', status = ''] = (fields.shift() ?? '').slice(1).split(' ');
    const kind = kinds[status.charAt(0)];
    if (kind === undefined) throw new Error(`git tells of a change that is unknown here: ${status}`);
    const first = fields.shift() ?? '';
    const path = kind === 'renamed' ? (fields.shift() ?? '') : first;
    raws.push({ path, oldPath: kind === 'renamed' ? first : null, kind, oldMode, mode, oldId, id });
  }
  const hasBytes = (mode: string): boolean => mode !== '000000' && mode !== '160000';
  const sizes = sizesOf(
    raws.flatMap(({ oldMode, mode, oldId, id }) => [
      ...(hasBytes(oldMode) ? [oldId] : []),
      ...(hasBytes(mode) ? [id] : []),
    ]),
  );
  return raws.map(({ path, oldPath, kind, oldMode, mode, oldId, id }) => {
    const [added = '', deleted = '', counted = ''] = (fields.shift() ?? '').split('\t');
    // A renamed file's two names come in fields of their own.
    const told = counted === '' ? fields.splice(0, 2)[1] : counted;
    if (told !== path) throw new Error(`git counts ${told} where it told of ${path}`);
    return {
      path,
      oldPath,
      kind,
      oldMode: oldMode === '000000' ? null : oldMode,
      mode: mode === '000000' ? null : mode,
      bytes: sizes.get(id) ?? 0,
      oldBytes: sizes.get(oldId) ?? 0,
      filter: null,
      added: Number(added) || 0,
      deleted: Number(deleted) || 0,
      binary: added === '-',
    };
  });
}
