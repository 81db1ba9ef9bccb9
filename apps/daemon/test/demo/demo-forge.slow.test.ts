import { beforeAll, describe, it } from 'vitest';
import { tryDemoOver } from '../support/demo-over-forge.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

describe('baton demo --forge', () => {
  // Some twenty writes, a second apart, as GitHub asks for.
  it('github: two pull requests and a question, over HTTP and git with a token', async () => {
    await tryDemoOver('github');
  });
});
