import type { Baton } from '@baton/engine';
import type { CommandContext } from '../verb/run-command.js';
import { watchDeath } from '../wire/deaths.js';
import type { Session } from '../wire/open-session.js';
import { announceWorker } from './announce-worker.js';
import { followEvents } from './follow-events.js';
import { keepPollNotes } from './poll-notes.js';

/**
 * Does something with an engine while everything it does is told of, then stops it. The first interrupt drains,
 * the second stops at once.
 */
export async function runEngine<Result>(
  context: CommandContext,
  session: Session,
  work: (baton: Baton) => Promise<Result>,
  options: { readonly stream: boolean } = { stream: false },
): Promise<Result> {
  const { output, interrupts } = context;
  const baton = await session.baton();
  using _announced = announceWorker(session.config.state);
  using _watched = watchDeath(session.config.state, session.worker);
  const following = followEvents(baton, output, session.services.log, options.stream);
  const { runtime, secrets } = session.services;
  const noting = keepPollNotes(baton, { state: session.config.state, clock: runtime.clock, mask: secrets.mask });
  const stops: Promise<void>[] = [];
  interrupts.take((count) => {
    const mode = count === 1 ? 'drain' : 'now';
    session.services.log(
      'info',
      mode === 'drain' ? 'stopping: running steps are finished first; again to stop at once' : 'stopping now',
    );
    stops.push(baton.stop(mode));
  });
  try {
    return await work(baton);
  } finally {
    await baton.stop();
    await Promise.all(stops);
    // An engine that never began has no events to end.
    if (following.begun()) await Promise.all([following.done, noting]);
  }
}
