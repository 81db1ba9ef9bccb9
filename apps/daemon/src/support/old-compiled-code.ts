import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const idleDays = 30;

/** Folders of compiled code that other versions of Node left beside this one's, unused for a month. Absolute. */
export function listOldCompiledCode(current: string | undefined, now: number): readonly string[] {
  if (current === undefined || !/[\\/]baton[\\/]compiled[\\/][^\\/]+$/.test(current)) return [];
  const folder = join(current, '..');
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => path !== current && now - statSync(path).mtimeMs >= idleDays * 86_400_000);
}
