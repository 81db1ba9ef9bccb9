import { BatonError } from '@baton/core';
import type { Choices } from '../choices.js';
import { type Call, type Fate, isOnHost, isRead, isWrite } from '../process/fate.js';
import type { World } from '../world.js';
import type { Actor, Deed } from './actor.js';

const seconds = 1_000;
const isHandingIn = ({ method }: Call): boolean => method === 'push' || method === 'ensurePullRequest';

const onNext =
  (what: string, isFor: (call: Call) => boolean, fateOf: (choose: Choices, world: World) => Fate): Deed =>
  (world, choose) => {
    // Half of them wait for a write, or for the work to be handed in: there is much less of that than of looking.
    const only = choose.one([isFor, isFor, isWrite, isHandingIn]);
    const fits = isFor === isOnHost ? only : isFor;
    world.faults.push({ isFor: fits, fate: fateOf(choose, world), words: ({ method }) => `${what}: ${method}` });
    return `will meet: ${what}`;
  };

/** What goes wrong between Baton and its hosts. */
export const network: Actor = {
  who: 'the network',
  deeds: {
    'not reached': onNext('not reached', isOnHost, () => 'unreached'),
    'answer lost': onNext('the answer is lost', isOnHost, () => 'answer-lost'),
    'write twice': onNext('delivered twice', isWrite, () => 'twice'),
    'old state': onNext('answered from an old state', isRead, () => 'stale'),
    'asked late': onNext('arrived late', isOnHost, (choose) => late(choose, 'after')),
    'answered late': onNext('answered late', isOnHost, (choose) => late(choose, 'before')),
    'odd answer': onNext('answered oddly', isOnHost, (choose, world) => ({
      kind: 'error',
      error: oddAnswer(choose, world),
    })),
    'host away': (world, choose) => {
      const host = choose.pick(world.hosts);
      if (!host) return null;
      const milliseconds = choose.one([10, 60, 600, 7_200]) * seconds;
      host.awayUntil = world.clock.monotonic() + milliseconds;
      return `lost ${host.name} for ${milliseconds / seconds} s`;
    },
    "set the host's clock": (world, choose) => {
      const host = choose.pick(world.hosts);
      if (!host) return null;
      host.skewMs += (choose.below(40) - 10) * 60 * seconds;
      world.note({ kind: 'host-clock-set', host: host.name });
      return `set the clock of ${host.name} to ${Math.round(host.skewMs / 60_000)} min ahead of ours`;
    },
  },
};

function late(choose: Choices, effect: 'before' | 'after'): Fate {
  return { kind: 'late', ms: choose.one([1, 5, 30, 100]) * seconds, effect };
}

function oddAnswer(choose: Choices, { clock }: World): BatonError {
  return choose.one<() => BatonError>([
    () => new BatonError('PROTOCOL_VIOLATION', 'The answer has an odd shape.', { details: { received: '{}' } }),
    () => new BatonError('TIMEOUT', 'No answer within 30 s.', { details: { afterMs: 30_000 } }),
    () => new BatonError('CONFLICT', 'Somebody else moved first.', { details: {} }),
    () => new BatonError('NOT_FOUND', 'Not found.', { details: { resource: 'it' } }),
    () => new BatonError('RATE_LIMITED', 'Too many requests.', { details: { retryAt: clock.now() + 60 * seconds } }),
    () => new BatonError('AUTH_FAILED', 'Bad credentials.', { details: { status: 401 } }),
    () => new BatonError('PERMISSION_DENIED', 'Not allowed.', { details: { resource: 'it' } }),
  ])();
}
