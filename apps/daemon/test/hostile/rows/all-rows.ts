import type { Row } from '../row.js';
import { cheating } from './cheating.js';
import { confinement } from './confinement.js';
import { controls } from './controls.js';
import { leaks } from './leaks.js';
import { load } from './load.js';
import { network } from './network.js';
import { planted } from './planted.js';
import { rewrittenChecks } from './rewritten-checks.js';
import { riggedSetups } from './rigged-setups.js';
import { secrets } from './secrets.js';
import { who } from './who.js';
import { words } from './words.js';

/** Everything that the evil agent tries, by what it is after. */
export const rowsByAim = {
  'Setting work going, and putting words into the prompt': [...who],
  'Texts that act where they are read': [...words],
  'Secrets of the daemon, its machine and other jobs': [...secrets],
  'Reaching somebody': [...network],
  'Leaving the sandbox, or staying after the job': [...confinement],
  'Planting something for git, file systems and people': [...planted],
  'Files that steer more than code': [...controls],
  'Looking checked': [...cheating, ...rewrittenChecks, ...riggedSetups],
  'Publishing a secret': [...leaks],
  'Stopping the daemon': [...load],
} as const satisfies Readonly<Record<string, readonly Row[]>>;

export const allRows: readonly Row[] = Object.values(rowsByAim).flat();
