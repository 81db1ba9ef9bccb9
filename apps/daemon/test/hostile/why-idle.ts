import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from './row.js';

/** Why a row can't be run on this machine, in words that go into the name of its test. Null: it can. */
export function whyIdle({ needsRoot, diskBytes }: Row): string | null {
  if (needsRoot === true && process.getuid?.() !== 0) return 'needs root';
  if (diskBytes !== undefined && !canMount()) return 'needs to mount a disk of its own';
  return null;
}

let mounts: boolean | null = null;

function canMount(): boolean {
  mounts ??= tryMount();
  return mounts;
}

function tryMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'baton-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'baton-test', directory], { stdio: 'ignore' });
    execFileSync('umount', [directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(directory);
  }
}
