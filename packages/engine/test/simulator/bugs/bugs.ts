import { bounded } from './bounded.js';
import type { Bug } from './bug.js';
import { explained } from './explained.js';
import { heeded } from './heeded.js';
import { once } from './once.js';

/** Each is found within two thousand runs. */
export const bugs = { ...once, ...bounded, ...heeded, ...explained } as const satisfies Readonly<Record<string, Bug>>;
