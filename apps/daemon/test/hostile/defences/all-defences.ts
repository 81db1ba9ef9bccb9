import { changeDefences } from './changes.js';
import { checkDefences } from './checks.js';
import { confinementDefences } from './confinement.js';
import type { Defence } from './defence.js';
import { loadDefences } from './load.js';
import { networkDefences } from './network.js';
import { secretDefences } from './secrets.js';
import { wordDefences } from './words.js';

/** Everything that the rows name. */
export const defences = {
  ...wordDefences,
  ...confinementDefences,
  ...networkDefences,
  ...changeDefences,
  ...checkDefences,
  ...secretDefences,
  ...loadDefences,
} as const satisfies Readonly<Record<string, Defence>>;

/** Names one. */
export type DefenceId = keyof typeof defences;
