import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { BatonError, type WorkspaceKey } from '@baton/core';

/** Where everything of one state directory lies. */
export interface Layout {
  readonly root: string;
  /** Every directory that must exist, and that nobody else may enter. */
  readonly directories: readonly string[];
  /** The bare repository of a name, which the daemon alone reads. */
  vault(repository: string): string;
  /** The git directory that commands in a slot's checkout find, and may write. The daemon's git never reads it. */
  gitDir(repository: string, slot: string): string;
  /** A slot's checkout. Its name tells nothing of the job. */
  worktree(slot: string): string;
  scratch(slot: string): string;
  /** The daemon's index of a checkout, which the agent can't reach. */
  index(slot: string): string;
  /** What a slot's setup left behind, as patterns to ignore: for what cleans up. */
  excludes(slot: string): string;
  /** What setups made for a slot's checkout. */
  layers(slot: string): string;
  /** The same, file by file: for what looks for work. */
  made(slot: string): string;
  /** What commands wrote over what the setup made, since the checkout was made new last. */
  overlays(slot: string): string;
  /** Records of slots that are being made, stand ready, are taken. */
  making(slot: string): string;
  spare(slot: string): string;
  taken(key: WorkspaceKey): string;
  /** Names the process that runs commands in a slot's checkout. */
  inUse(slot: string): string;
  readonly makingDirectory: string;
  readonly spareDirectory: string;
  readonly takenDirectory: string;
  readonly trash: string;
  readonly vaults: string;
}

/** Lays out a state directory. */
export function createLayout(root: string): Layout {
  const [making, spare, taken] = ['making', 'spare', 'taken'].map((each) => join(root, 'records', each)) as [
    string,
    string,
    string,
  ];
  const top = (name: string): string => join(root, name);
  const vault = (repository: string): string => {
    const slug = repository
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40);
    const digest = createHash('sha1').update(repository).digest('hex').slice(0, 10);
    return join(root, 'vaults', `${slug === '' ? '' : `${slug}-`}${digest}.git`);
  };
  return {
    root,
    directories: [
      root,
      ...['vaults', 'worktrees', 'scratch', 'index', 'layers', 'overlays', 'in-use', 'trash', 'records'].map(top),
      making,
      spare,
      taken,
    ],
    vault,
    gitDir: (repository, slot) => join(vault(repository), 'checkouts', slot),
    worktree: (slot) => join(root, 'worktrees', slot),
    scratch: (slot) => join(root, 'scratch', slot),
    index: (slot) => join(root, 'index', slot),
    excludes: (slot) => join(root, 'index', `${slot}.exclude`),
    layers: (slot) => join(root, 'layers', slot),
    overlays: (slot) => join(root, 'overlays', slot),
    made: (slot) => join(root, 'index', `${slot}.made`),
    making: (slot) => join(making, `${slot}.json`),
    spare: (slot) => join(spare, `${slot}.json`),
    taken: (key) => join(taken, `${nameOfKey(key)}.json`),
    inUse: (slot) => join(root, 'in-use', slot),
    makingDirectory: making,
    spareDirectory: spare,
    takenDirectory: taken,
    trash: top('trash'),
    vaults: top('vaults'),
  };
}

/**
 * The bare repository, in a vault, of what every checkout may read: what was fetched of branches that jobs start
 * from. The vault borrows its objects (gitrepository-layout(5), `alternates`) and it none of the vault's.
 */
export function baseStoreOf(vault: string): string {
  return join(vault, 'base.git');
}

/** A key as a file name. Throws where the job's id could not stand in a ref. */
export function nameOfKey({ job, attempt, role }: WorkspaceKey): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(job) || !Number.isSafeInteger(attempt) || attempt < 0) {
    throw new BatonError('INTERNAL', `${JSON.stringify({ job, attempt })} can't name a workspace.`, { details: {} });
  }
  return `${job}.${attempt}.${role}`;
}

/** The key that a file was named by, or null. */
export function keyOfName(name: string): WorkspaceKey | null {
  const [, job, attempt, role] = /^([A-Za-z0-9_-]+)\.(\d+)\.(work|verify)\.json$/.exec(name) ?? [];
  if (job === undefined || (role !== 'work' && role !== 'verify')) return null;
  return { job, attempt: Number(attempt), role };
}
