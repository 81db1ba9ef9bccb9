import { createTurnSession, diagnoseProgram, type Turn, type TurnEnding, toldSession } from '@baton/agent-kit';
import {
  type AgentEvent,
  type AgentResumeState,
  type AgentSession,
  type AgentStart,
  type AgentTrial,
  type AgentUsage,
  BatonError,
  type Clock,
  type CodingAgent,
  type Diagnosis,
  type Sandbox,
  type WorkspaceView,
} from '@baton/core';
import { createModelProxy, type ModelProxy, type ModelProxyOptions } from '../proxy/model-proxy.js';
import type { JsonObject } from '../wire/json-object.js';
import { diagnoseRelease } from './diagnose-release.js';
import { findAge, installFix, type ProgramRelease } from './program-release.js';
import { closeTurn, mapProgramTurnEnd, type ProgramTurnEnd } from './turn-end.js';

/** What the options of every agent that is a program say. */
export interface ProgramAgentOptions {
  /**
   * What it may ask of its model beyond what is known of the protocol, by the names that refusals tell, such as
   * `anthropic-beta=some-2026-01-01`. Default: nothing.
   */
  readonly allow?: readonly string[];
  /** Where `diagnose` tries the program. Default: it isn't tried. */
  readonly sandbox?: Sandbox;
  readonly clock: Clock;
}

/** Which program an agent is. */
export type AgentProgram =
  /** `path`: its name or absolute path, as the sandbox sees it. */
  | { readonly kind: 'released'; readonly path: string; readonly release: ProgramRelease }
  /** The operator's own words for `sh -c`, of which nothing more is known. */
  | { readonly kind: 'line'; readonly run: string; readonly env: Readonly<Record<string, string>> };

/** One turn of a program, and what it is taken with. */
export interface ProgramTurn<Position> extends Turn {
  readonly proxy: ModelProxy;
  readonly workspace: WorkspaceView;
  readonly instructions: string;
  readonly clock: Clock;
  /** Where the session stands. Null: there is none to go on with. */
  readonly position: Position | null;
  /** The session stands here now. Gives back what tells it: a checkpoint, or nothing where it is null. */
  keep(position: Position | null): readonly AgentEvent[];
}

/** Takes the turns of one session: from `turn-start` on, without the last checkpoint and `turn-end`. */
export type TakeProgramTurn<Position> = (turn: ProgramTurn<Position>) => AsyncGenerator<AgentEvent, ProgramTurnEnd>;

/** What only the program itself makes of an agent. `Position`: what its checkpoints hold. */
export interface ProgramAgentInit<Position extends JsonObject>
  extends Omit<ModelProxyOptions, 'adapter' | 'allow'>,
    ProgramAgentOptions {
  readonly id: string;
  /** What a turn says that its model is. Null: only the program knows. */
  readonly model: string | null;
  readonly program: AgentProgram;
  /** Where the key comes from. Null: none is asked for. */
  readonly keyEnv: string | null;
  /** What a turn without a key comes to: `unavailable` at once, or it is tried, for an address that may ask for none. */
  readonly withoutKey: 'unavailable' | 'tried';
  /** What the summary of a turn passes before it is cut. Default: nothing is masked. */
  readonly mask?: ((text: string) => string) | undefined;
  /** Reads what a checkpoint holds. Null: that is none of this agent. */
  readPosition(data: object): Position | null;
  /** By what name the program keeps the session that stands here, for people to find it again. Null: by none. */
  sessionName(position: Position): string | null;
  beginSession(): TakeProgramTurn<Position>;
}

const checkpointVersion = 1;
const versionMs = 30_000;
const nothingUsed: AgentUsage = {
  ...{ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, microUsd: 0 },
  basis: 'computed',
};

/**
 * A program as a coding agent: it runs in the workspace's sandbox, reaches its model through a proxy that holds the
 * key and keeps the limits, and goes on with its session in the next turn, or in another process. Throws
 * `CONFIG_INVALID` as `createModelProxy` does.
 */
export function createProgramAgent<Position extends JsonObject>(init: ProgramAgentInit<Position>): CodingAgent {
  const { id } = init;
  const proxy = createModelProxy({ ...init, adapter: id });
  let sessions = 0;
  const begin = (start: AgentStart, position: Position | null): AgentSession =>
    createProgramSession(init, { proxy, start, first: position, name: `${id}-${++sessions}` });
  return {
    spec: 'coding-agent/1',
    id,
    async start(request, call) {
      call?.signal?.throwIfAborted();
      return begin(request, null);
    },
    async resume({ state, ...request }, call) {
      call?.signal?.throwIfAborted();
      return begin(request, readCheckpoint(init, state));
    },
    diagnose: (trial) => diagnose(init, trial),
  };
}

function createProgramSession<Position extends JsonObject>(
  init: ProgramAgentInit<Position>,
  session: {
    readonly proxy: ModelProxy;
    readonly start: AgentStart;
    readonly first: Position | null;
    readonly name: string;
  },
): AgentSession {
  const { id, clock, keyEnv, mask = (text) => text } = init;
  const { proxy, name } = session;
  const { workspace, instructions } = session.start;
  const place = { program: programName(init.program), release: releaseOf(init.program), keyEnv };
  const take = init.beginSession();
  let position = session.first;
  let isTried = false;
  const checkpoint = (): readonly AgentEvent[] =>
    position === null
      ? []
      : [
          {
            type: 'checkpoint',
            state: {
              agent: id,
              version: checkpointVersion,
              data: { ...position },
              ...toldSession(init.sessionName(position)),
            },
          },
        ];
  const keep = (found: Position | null): readonly AgentEvent[] => {
    position = found;
    return checkpoint();
  };

  const findObstacle = async ({ limits, signal, hold }: Turn): Promise<TurnEnding | null> => {
    if (init.key === null && keyEnv !== null && init.withoutKey === 'unavailable') {
      const summary = `${keyEnv} is not set.\nSet ${keyEnv} in the environment of the daemon.`;
      return { unified: 'unavailable', raw: 'AUTH_FAILED', summary };
    }
    if (isTried || place.release?.told !== 'before' || (limits.deadline ?? Number.POSITIVE_INFINITY) <= clock.now()) {
      return null;
    }
    const { program, release } = place;
    const obstacle = await hold(findWrongVersion({ workspace, program, release, signal }));
    isTried = obstacle === null;
    return obstacle;
  };

  return createTurnSession({
    id: name,
    agent: id,
    async *takeTurn(turn) {
      const obstacle = await findObstacle(turn);
      if (obstacle !== null) {
        yield { type: 'turn-start', model: init.model };
        return yield closeTurn(obstacle, { usage: nothingUsed, refused: [] }, mask);
      }
      const seen = yield* take({ ...turn, proxy, workspace, instructions, clock, position, keep });
      yield* checkpoint();
      yield closeTurn(mapProgramTurnEnd(seen, place), seen, mask);
    },
  });
}

/** Why a program that doesn't tell its version in a turn can't be used, or null. */
async function findWrongVersion(place: {
  readonly workspace: WorkspaceView;
  readonly program: string;
  readonly release: ProgramRelease;
  readonly signal: AbortSignal;
}): Promise<TurnEnding | null> {
  const { workspace, program, release, signal } = place;
  const fail = (message: string): TurnEnding => ({
    unified: 'failed',
    raw: 'COMMAND_FAILED',
    summary: `${message}\n${installFix(release)}`,
  });
  try {
    const command = { argv: [program, '--version'], env: release.env, timeoutMs: versionMs } as const;
    const { stdout, stderr } = await workspace.exec(command, { signal });
    const version = release.parseVersion(stdout);
    if (version === null) {
      return fail(`${program} doesn't tell its version: ${`${stdout}${stderr}`.slice(0, 300).toWellFormed()}`);
    }
    const age = findAge(version, release);
    return age === null ? null : fail(age);
  } catch (error) {
    signal.throwIfAborted();
    if (!BatonError.is(error, 'COMMAND_FAILED')) throw error;
    return fail(`${program} could not be started in the sandbox: ${error.message}`);
  }
}

async function* diagnose<Position extends JsonObject>(
  { program, sandbox, key, keyEnv }: ProgramAgentInit<Position>,
  trial: AgentTrial | undefined,
): AsyncGenerator<Diagnosis> {
  if (sandbox !== undefined) {
    if (program.kind === 'line') yield* diagnoseProgram({ ...program, sandbox }, trial);
    else yield await diagnoseRelease({ program: program.path, release: program.release, sandbox }, trial);
  }
  if (keyEnv === null) return;
  yield {
    check: 'key',
    ok: key !== null,
    detail: key === null ? `${keyEnv} is not set.` : `${keyEnv} is set; whether it is valid only a turn tells.`,
    fix: key === null ? `Set ${keyEnv} in the environment of the daemon.` : null,
  };
}

function readCheckpoint<Position extends JsonObject>(
  { id, readPosition }: ProgramAgentInit<Position>,
  { agent, version, data }: AgentResumeState,
): Position {
  const isOurs = agent === id && version === checkpointVersion && typeof data === 'object' && data !== null;
  const position = isOurs ? readPosition(data) : null;
  if (position !== null) return position;
  const message = `The checkpoint is not one of the agent ${id}, version ${checkpointVersion}.`;
  throw new BatonError('PROTOCOL_VIOLATION', message, {
    details: { received: `${agent}, version ${version}` },
    adapter: id,
  });
}

function programName(program: AgentProgram): string {
  return program.kind === 'released' ? program.path : 'The agent';
}

function releaseOf(program: AgentProgram): ProgramRelease | null {
  return program.kind === 'released' ? program.release : null;
}
