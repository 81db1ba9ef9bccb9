import type { AgentEvent, AgentLimits, AgentUsage, Clock, WorkspaceView } from '@baton/core';
import { createStop, type ModelChannel, type ModelProxy, type ModelTurn, type Stop } from '@baton/model-proxy';
import type { SessionFound, TurnText } from './conversation.js';
import { createUpdateReader } from './map-update.js';
import { type AcpLaunch, type StopCause, type TalkEnd, type TalkRecord, talk } from './talk.js';

/** One turn of an agent that speaks the Agent Client Protocol. */
export interface AcpTurnRequest {
  /** `id` of the agent, for errors. */
  readonly adapter: string;
  readonly proxy: ModelProxy;
  readonly workspace: WorkspaceView;
  launch(channel: ModelChannel): AcpLaunch;
  /** The session to go on with. Null: a new one. */
  readonly session: string | null;
  readonly text: TurnText;
  readonly limits: AgentLimits;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The prompt goes out now, in this session. What this gives back is told. */
  onSession(session: SessionFound): readonly AgentEvent[];
}

/** What is known when nothing of a turn is left. */
export interface AcpTurnEnd extends Readonly<Omit<TalkRecord, 'cancel'>> {
  readonly end: TalkEnd;
  readonly closingWords: string;
  /** As the proxy counted it. */
  readonly usage: AgentUsage;
  readonly model: Pick<ModelTurn, 'passed' | 'failure' | 'stop' | 'refused'>;
}

/** A turn under way. Its events have to be taken, or the turn to be aborted: an agent that nobody listens to waits. */
export interface RunningAcpTurn {
  readonly events: AsyncIterable<AgentEvent>;
  /** Settles when nothing of the turn is left. Rejects with the signal's reason on an abort. */
  readonly ended: Promise<AcpTurnEnd>;
  /** What the proxy counted, once `ended` is settled in whatever way. Null: nothing was begun. */
  usage(): AgentUsage | null;
}

/** How long an agent may go on once a call of it was refused for a limit. */
const lastMs = 5_000;
/** How often one looks whether the provider still can't answer, and how many times in a row is too many. */
const look = { everyMs: 5_000, atMost: 3 } as const;
const queuedEvents = 64;

/** Runs an agent for one turn, behind a proxy of its own. */
export function runAcpTurn(request: AcpTurnRequest): RunningAcpTurn {
  const room = { highWaterMark: queuedEvents };
  const queue = new TransformStream<AgentEvent, AgentEvent>(undefined, room, room);
  const writer = queue.writable.getWriter();
  writer.closed.catch(() => {});
  let waiting = 0;
  const push = async (event: AgentEvent): Promise<void> => {
    waiting += 1;
    // Where nobody takes events any more, the turn is being aborted.
    await writer.write(event).catch(() => {});
    waiting -= 1;
  };
  const drop = (): void => void writer.abort(request.signal.reason).catch(() => {});
  request.signal.addEventListener('abort', drop, { once: true });
  const counted: Counted = { usage: null };
  const ended = run(request, { push, isFull: () => waiting > 0, counted }).finally(() => {
    request.signal.removeEventListener('abort', drop);
    void writer.close().catch(() => {});
  });
  ended.catch(() => {});
  return { events: takeAll(queue.readable), ended, usage: () => counted.usage };
}

/** Rejects on an abort with its reason, and never for being left early. */
async function* takeAll(events: ReadableStream<AgentEvent>): AsyncGenerator<AgentEvent> {
  const reader = events.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

interface Counted {
  usage: AgentUsage | null;
}

async function run(
  request: AcpTurnRequest,
  {
    push,
    isFull,
    counted,
  }: {
    readonly push: (event: AgentEvent) => Promise<void>;
    readonly isFull: () => boolean;
    readonly counted: Counted;
  },
): Promise<AcpTurnEnd> {
  const { adapter, clock, limits, session, signal, text, workspace } = request;
  signal.throwIfAborted();
  const stop = createStop<StopCause>(clock, signal);
  const updates = createUpdateReader();
  const record: TalkRecord = { greeting: null, session: null, question: null, stderr: '', cancel: null };
  let channel: ModelChannel | null = null;
  let model: ModelTurn | null = null;
  let end: TalkEnd;
  try {
    if (limits.deadline !== null) stop.after('deadline', limits.deadline - clock.now());
    channel = await request.proxy.open({ scratch: workspace.scratch }, { signal });
    model = channel.beginTurn(limits, {
      onUsage: (usage) => void push({ type: 'usage', usage }),
      onPassed: () => {
        record.cancel?.();
        stop.after('limit', lastMs);
      },
    });
    void watchProvider(model, stop);
    const launch = request.launch(channel);
    end = await talk({
      ...{ adapter, workspace, channel, launch, session, text, signal, stop, updates, record, push, isFull },
      async onSession(found) {
        for (const event of request.onSession(found)) await push(event);
      },
    });
  } finally {
    stop.end();
    await channel?.close();
    // Read only now: a call that was cut is counted while the channel closes.
    counted.usage = model?.usage ?? null;
  }
  for (const event of updates.flush()) await push(event);
  const { cancel: _, ...learnt } = record;
  return { ...learnt, end, closingWords: updates.closingWords, usage: model.usage, model };
}

/**
 * Ends a turn in which every call fails for a while. Agents try again by themselves, some without end, and a turn
 * that waits in silence would be taken for a stalled one in place of one to come back to.
 */
async function watchProvider(model: ModelTurn, stop: Stop<StopCause>): Promise<void> {
  let failures = 0;
  while (await stop.elapse(look.everyMs)) {
    failures = model.failure === null ? 0 : failures + 1;
    if (failures >= look.atMost) stop.now('provider');
  }
}
