import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
