import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../../src/index.js';
import { describeFailure } from '../../src/job/failure-words.js';
import { createRelay } from '../relay.js';

const failed = (message: string, fix?: string) =>
  new BatonError('COMMAND_FAILED', message, {
    details: { command: 'npm ci' },
    ...(fix === undefined ? {} : { fix }),
  });

describe('a failure, as people are told of it', () => {
  it.each([
    [new Error('boom'), 'boom'],
    ['boom', 'boom'],
    [failed('The setup failed.'), 'The setup failed.'],
    [failed('The setup failed.', 'Run it by hand.'), 'The setup failed. To mend it: run it by hand.'],
    [failed('the setup failed', 'run it by hand'), 'the setup failed. To mend it: run it by hand.'],
    [failed('No key.', 'ANTHROPIC_API_KEY has to be set'), 'No key. To mend it: ANTHROPIC_API_KEY has to be set.'],
    [failed('What?', '`npm ci` says more'), 'What? To mend it: `npm ci` says more.'],
  ])('%s', (error, words) => {
    expect(describeFailure(error)).toBe(words);
  });

  it.each([
    ['workspace-failed', failed('The setup failed.', 'Run it by hand.')],
    [
      'refused',
      new BatonError('TOO_LARGE', 'The setup failed.', {
        details: { resource: 'x', limit: 'bytes', allowed: 1 },
        fix: 'Run it by hand.',
      }),
    ],
  ])('keeps how to mend it where the job ends as %s', async (outcome, error) => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    const workspaces = { ...relay.project.workspaces, fetch: () => Promise.reject(error) };
    const baton = relay.create({ projects: [{ ...relay.project, workspaces }] });
    await baton.runOnce();
    await baton.stop();
    expect(viewJob(await relay.job())).toMatchObject({
      outcome,
      reason: 'The setup failed. To mend it: run it by hand.',
    });
  });
});
