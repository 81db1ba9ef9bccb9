import { formatDuration } from '@baton/core';
import { type PollResult, readPollAnswer, requestPoll } from '@baton/engine';
import { hasWorker } from '../running/announce-worker.js';
import { escapeLine } from '../text/escape-control.js';
import { renderTable } from '../text/render-table.js';
import { CommandError } from '../verb/command-error.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openRecords } from '../wire/open-records.js';

const lookEveryMs = 200;
const patienceMs = 60_000;

function describeResult(result: PollResult): string {
  if (result.kind === 'failed') return `failed: ${escapeLine(result.message)}`;
  const { found, enqueued } = result;
  if (enqueued > 0) return `${enqueued} new ${enqueued === 1 ? 'job' : 'jobs'}`;
  return found === 0 ? 'nothing new' : `${found} ${found === 1 ? 'issue' : 'issues'}, no new job`;
}

/**
 * `baton poll [--timeout]`: the running daemon polls every project now, also those that it leaves alone for a while
 * because their polls failed, and this tells what came of it. Exit 5 where no daemon runs, 8 where none answers in time.
 */
export const poll: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openRecords(context, {});
  const { clock } = session.services.runtime;
  const { state } = session;
  const { timeout } = input.options;
  if (!hasWorker(state)) {
    throw new CommandError(`No daemon runs on ${state}: nobody would poll.`, {
      code: 'DAEMON_UNREACHABLE',
      exit: 'daemonUnreachable',
      fix: 'start one with baton start, or poll once and work what comes of it with baton start --once',
    });
  }
  const store = await session.store();
  const request = await requestPoll(store, { signal });
  const waitMs = typeof timeout === 'number' ? timeout : patienceMs;
  const until = clock.monotonic() + waitMs;
  let results = await readPollAnswer(store, request, { signal });
  while (results === null) {
    if (clock.monotonic() >= until) {
      throw new CommandError(`No daemon has answered within ${formatDuration(waitMs)}; the request stands.`, {
        code: 'PENDING',
        exit: 'pending',
        fix: 'look into the log of baton start; a project that hangs keeps the others waiting here, but not there',
      });
    }
    await clock.sleep(lookEveryMs, { signal });
    results = await readPollAnswer(store, request, { signal });
  }
  if (output.json !== null) {
    output.printJson({ schema: 'baton.poll/v1', items: results.map(mapResultJson) });
  } else {
    output.print(
      renderTable(
        results.map((result) => [escapeLine(result.project), describeResult(result)]),
        output.columns,
      ),
    );
  }
  return results.some(({ kind }) => kind === 'failed') ? exitCodes.failure : exitCodes.ok;
};

function mapResultJson(result: PollResult): Readonly<Record<string, unknown>> {
  const { project } = result;
  return result.kind === 'polled'
    ? { project, found: result.found, enqueued: result.enqueued, error: null }
    : { project, found: null, enqueued: null, error: result.message };
}
