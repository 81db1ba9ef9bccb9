import { jobStoreContract } from '@baton/conformance';
import { describe, it } from 'vitest';
import { createSqliteRig } from './rig.js';

describe('sqlite store', () => {
  jobStoreContract(it, () => createSqliteRig());
});
