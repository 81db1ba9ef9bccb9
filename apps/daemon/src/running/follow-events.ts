import type { JsonValue } from '@baton/core';
import { type Baton, type BatonEvent, viewJob } from '@baton/engine';
import { mapEventJson, renderEvent } from '../render/render-event.js';
import type { Log } from '../verb/create-logger.js';
import type { Output } from '../verb/output.js';

function logEvent(event: BatonEvent, log: Log): void {
  switch (event.type) {
    case 'job-changed': {
      const view = viewJob(event.job);
      const fields: Record<string, JsonValue> = {
        job: view.id,
        project: view.project,
        issue: view.issue.key,
        phase: view.phase,
        outcome: view.outcome,
        wait: view.wait,
        reason: event.reason ?? view.reason,
        pullRequest: view.pullRequest?.url ?? null,
      };
      log('info', `${view.issue.key} ${view.phase}`, fields);
      break;
    }
    case 'poll-failed':
      log('warn', `poll failed: ${event.message}`, { project: event.project });
      break;
    case 'operator-needed':
      log('error', event.message, { code: event.code });
      break;
    case 'project-polled':
      log('debug', 'polled', { project: event.project, found: event.found, enqueued: event.enqueued });
      break;
    case 'agent-event':
      log('debug', 'agent event', { job: event.jobId, type: event.event.type });
      break;
    case 'log':
      log(event.level, event.message, event.jobId === null ? {} : { job: event.jobId });
      break;
    default:
      log('debug', event.type);
  }
}

/** The telling of an engine's events. */
export interface Following {
  /** Resolves when the engine has stopped and everything was told. */
  readonly done: Promise<void>;
  /** Whether the engine has begun. */
  begun(): boolean;
}

/**
 * Tells of everything an engine does, until it stops: lines for people on a terminal, JSON logs elsewhere, and
 * where they are the result, one object per line on stdout. What an agent says is told only to programs and at `debug`.
 */
export function followEvents(baton: Baton, output: Output, log: Log, stream: boolean): Following {
  let begun = false;
  const follow = async (): Promise<void> => {
    for await (const event of baton.events()) {
      if (event.type === 'engine-started') begun = true;
      if (stream && output.json !== null && event.type !== 'agent-event') output.printJson(mapEventJson(event));
      tell(event, output, log);
    }
  };
  return { done: follow(), begun: () => begun };
}

function tell(event: BatonEvent, output: Output, log: Log): void {
  const line = output.progressIsRead ? renderEvent(event, output) : null;
  if (!output.progressIsRead) logEvent(event, log);
  else if (line !== null) output.tell(line);
  else if (event.type === 'log') logEvent(event, log);
}
