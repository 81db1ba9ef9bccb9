import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

function directories(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join(path, entry.name)] : [],
  );
}

function holds(vault: string, ref: string): boolean {
  if (existsSync(join(vault, ...ref.split('/')))) return true;
  const packed = join(vault, 'packed-refs');
  return (
    existsSync(packed) &&
    readFileSync(packed, 'utf8')
      .split('\n')
      .some((line) => line.endsWith(` ${ref}`))
  );
}

/** The bare repositories below a state directory, of every adapter that keeps some. */
export function listVaults(state: string): readonly string[] {
  return directories(state)
    .flatMap((adapter) => directories(join(adapter, 'vaults')))
    .filter((path) => path.endsWith('.git'));
}

/** The bare repository below a state directory that holds a ref, or null. Looks at files only. */
export function findVault(state: string, ref: string): string | null {
  return listVaults(state).find((vault) => holds(vault, ref)) ?? null;
}

/** Baton's refs in a bare repository, by their full names. */
export function listRefs(vault: string): readonly string[] {
  const loose = globSync('refs/baton/**', { cwd: vault, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(vault.length + 1));
  const packed = join(vault, 'packed-refs');
  const lines = existsSync(packed) ? readFileSync(packed, 'utf8').split('\n') : [];
  const names = lines.flatMap((line) => / (refs\/baton\/\S+)$/.exec(line)?.[1] ?? []);
  return [...new Set([...loose, ...names])];
}

/** A ref under which work was kept. */
export interface RescueRef {
  readonly ref: string;
  /** Id of the job that it is of, whether a store knows that job or not. */
  readonly job: string;
}

/** Everything that was ever rescued below a state directory, whoever remembers it, by job and attempt. */
export function listRescueRefs(state: string): readonly RescueRef[] {
  const refs = listVaults(state).flatMap(listRefs);
  return [...new Set(refs)].toSorted().flatMap((ref) => {
    const job = /^refs\/baton\/rescue\/([^/]+)\//.exec(ref)?.[1];
    return job === undefined ? [] : [{ ref, job }];
  });
}
