import type { Adapter, CallOptions, Diagnosis, Mapped } from './adapter.js';
import type { JsonValue } from './json.js';
import type { Instant } from './runtime.js';
import type { WorkspaceView } from './workspace.js';

/** Cumulative over the turn. Unknown is null, never 0. */
export interface AgentUsage {
  /** Cached tokens included. */
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly outputTokens: number | null;
  /** In millionths of a US dollar. */
  readonly microUsd: number | null;
  /** Who says what it cost: the provider, our price list, or nobody. */
  readonly basis: 'reported' | 'computed' | 'unknown';
}

/** From where a session can go on in another process. Small, serialisable, free of secrets; only its own adapter reads `data`. */
export interface AgentResumeState {
  /** `id` of the agent that made it. */
  readonly agent: string;
  /** Of the shape of `data`. An adapter refuses one that it doesn't know, and is then started anew. */
  readonly version: number;
  readonly data: JsonValue;
  /**
   * By what name the agent itself keeps the session, for people who look into its own records: letters, digits and
   * `_.:/@-`, at most 100. Absent: it keeps none, or under no such name.
   */
  readonly session?: string;
}

/** How a turn ended. Judged further by the tree that it left, never by its words alone. */
export type TurnOutcome =
  /** The agent says that it has finished. */
  | 'done'
  /** The agent asks something that only a person can answer. */
  | 'needs-person'
  /** One of the turn's limits ended it. */
  | 'limit-reached'
  /** The model declined. */
  | 'refused'
  /** The provider can't be asked now: usage limit, overload, network, refused credentials. Another agent may go on. */
  | 'unavailable'
  | 'failed';

/** Types read noun-verb. Exactly one `turn-end` closes a turn, and it comes last. */
export type AgentEvent =
  | { readonly type: 'turn-start'; readonly model: string | null }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'tool-call'; readonly callId: string; readonly tool: string; readonly input: JsonValue }
  | { readonly type: 'tool-result'; readonly callId: string; readonly output: JsonValue; readonly isError: boolean }
  | { readonly type: 'usage'; readonly usage: AgentUsage }
  /** From here a crash can go on, in another process. The engine stores the latest. */
  | { readonly type: 'checkpoint'; readonly state: AgentResumeState }
  /** What the provider said beyond this list. Kept in logs; no decision is taken on it. */
  | { readonly type: 'provider-event'; readonly value: JsonValue }
  | TurnEnd;

/** What an agent asked for in a turn and wasn't given, by its name, such as `tools[].type=web_search`. */
export interface RefusedRequest {
  /** A name of at most 200 characters without spaces or markup, whatever the agent wrote. */
  readonly what: string;
  /** How often; at least 1. */
  readonly count: number;
}

/** The last event of a turn. */
export interface TurnEnd {
  readonly type: 'turn-end';
  readonly outcome: Mapped<TurnOutcome>;
  readonly usage: AgentUsage;
  /** The agent's closing words. A claim, never evidence. */
  readonly summary: string;
  /** With `unavailable`: the provider asked us to come back then (usage limit, overload). */
  readonly retryAt?: Instant;
  /**
   * What the daemon refused the agent of its model, as it counted itself: shown beside the evidence, since it tells a
   * person that the agent reached for more than it may. At most 50 names. Absent: nothing was refused, or nobody looks.
   */
  readonly refused?: readonly RefusedRequest[];
}

/** What a turn may use at most. Null: no limit of this kind. */
export interface AgentLimits {
  /** Model calls, or the closest thing that the agent counts. */
  readonly maxSteps: number | null;
  readonly maxTokens: number | null;
  readonly maxMicroUsd: number | null;
  readonly deadline: Instant | null;
}

/** What an agent is started with. */
export interface AgentStart {
  /** The agent borrows it: it must not delete, move, commit or push it. */
  readonly workspace: WorkspaceView;
  /**
   * What holds for the whole session, and all that the model is told of it; the task itself comes with each turn.
   * Each request to the model holds it whole and exactly once, in later turns and after `resume` too, at whatever
   * place the protocol has for it: a conversation that began with it need not be told it again. Unlike it, what stands
   * in `workspace` for agents to read by themselves (`AGENTS.md`, `CLAUDE.md`, skills and their like, in the root and
   * in folders) reaches the model only where the agent reads it by a tool: an earlier turn may have changed it.
   * A session that `resume` goes on with may keep to those that it began with. An agent without a model is told it
   * with the prompt. May be empty.
   */
  readonly instructions: string;
}

/** One conversation with an agent in one workspace. */
export interface AgentSession {
  readonly id: string;
  /**
   * One turn at a time. Ending the iteration early aborts the turn and leaves no process. Failures of the
   * provider end the turn with a `turn-end`; only an abort or a bug rejects.
   */
  run(
    turn: { readonly prompt: string; readonly limits: AgentLimits },
    options?: CallOptions,
  ): AsyncIterable<AgentEvent>;
  /** Present when the agent can be spoken to mid-turn. */
  interject?(text: string): Promise<void>;
  /** Ends the session and every process that it began. Safe to call twice. */
  close(): Promise<void>;
}

/** Where an agent is tried. */
export interface AgentTrial extends CallOptions {
  /** Absolute paths that its commands may read beside their checkout. Absent: not known, so that each adapter looks as far as it can. */
  readonly readable?: readonly string[];
}

/** Works in a workspace on what it is told. It has no forge token and no model key; it leaves a tree. */
export interface CodingAgent extends Adapter<'coding-agent/1'> {
  /** Tries whether the agent could work where it would: it starts no turn, and asks no model for one. */
  diagnose?(options?: AgentTrial): AsyncIterable<Diagnosis>;
  start(request: AgentStart, options?: CallOptions): Promise<AgentSession>;
  /** Present when the agent emits `checkpoint`. Goes on from there, charging nothing twice. */
  resume?(request: AgentStart & { readonly state: AgentResumeState }, options?: CallOptions): Promise<AgentSession>;
}
