import type { TurnEnding } from '@baton/agent-kit';
import type { AgentEvent, AgentUsage, Command, JsonValue } from '@baton/core';
import type { LaunchFiles } from '../proxy/launcher.js';
import type { ModelChannel } from '../proxy/model-proxy.js';
import { createCallPairing } from './pair-calls.js';
import type { ProgramTurn } from './program-agent.js';
import { type AgentTurnEnd, runAgentTurn } from './run-agent-turn.js';
import type { ProgramTurnEnd } from './turn-end.js';

/** What a line of a program means. */
export type ProgramLine<Position> =
  /** It works in this session. `model`: of which it is, where that is told. */
  | { readonly type: 'session'; readonly position: Position; readonly model: string | null }
  | { readonly type: 'events'; readonly events: readonly AgentEvent[] }
  /** Nothing here; it is shown as it is. */
  | { readonly type: 'other'; readonly value: JsonValue };

/** What a program makes of its turn, from all that it printed. */
export interface ClosedTurn<Position> {
  /** Where its session stands. Null: nothing is known of it. */
  readonly position: Position | null;
  readonly ending: TurnEnding;
  /** Whether that holds although the last call to the model failed. */
  readonly isSettled: boolean;
  readonly words: string;
  readonly version: string | null;
  readonly usage: AgentUsage;
}

/** Reads what a program prints in one turn. */
export interface LineReader<Position> {
  read(line: JsonValue): ProgramLine<Position>;
  close(end: AgentTurnEnd): ClosedTurn<Position>;
}

/** A program that is run once per turn and tells what it does in lines of JSON. */
export interface LineProgram<Position> {
  readonly model: string | null;
  /** Whether the session is still there: killed before it was written, it can't be found again. */
  isThere(scratch: string, position: Position): Promise<boolean>;
  /** The command line, without a word of an issue: the prompt comes on standard input. */
  command(
    turn: ProgramTurn<Position>,
    channel: ModelChannel,
  ): { readonly command: Command; readonly files: LaunchFiles };
  /** Whether this line closes a turn. */
  isLast(line: JsonValue): boolean;
  /** `position`: of the session that is gone on with. Null: of a new one. */
  createReader(position: Position | null): LineReader<Position>;
}

/** How many lines that mean nothing here are told, of a turn. */
const toldOthers = 50;

/** Runs a program for one turn. The prompt of a turn whose session is gone begins a new one. */
export async function* takeLineTurn<Position>(
  program: LineProgram<Position>,
  begun: ProgramTurn<Position>,
): AsyncGenerator<AgentEvent, ProgramTurnEnd> {
  const { proxy, workspace, prompt, limits, clock, signal, hold } = begun;
  const { position: last } = begun;
  const isThere = last !== null && (await hold(program.isThere(workspace.scratch, last)));
  const turn = { ...begun, position: isThere ? last : null };
  turn.keep(turn.position);
  const run = runAgentTurn({
    ...{ proxy, workspace, limits, clock, signal },
    command: (channel) => program.command(turn, channel),
    input: prompt,
    isLast: program.isLast,
  });
  hold(run.ended).catch(() => {});
  const reader = program.createReader(turn.position);
  const isFirst = createCallPairing();
  let isBegun = false;
  let others = 0;
  for await (const item of run.items) {
    const line: ProgramLine<Position> | null =
      item.type === 'line'
        ? reader.read(item.value)
        : item.type === 'noise'
          ? { type: 'other', value: { noise: item.text } }
          : null;
    if (!isBegun) {
      isBegun = true;
      yield { type: 'turn-start', model: line?.type === 'session' ? (line.model ?? program.model) : program.model };
    }
    if (item.type === 'usage') yield item;
    if (line?.type === 'session') yield* turn.keep(line.position);
    if (line?.type === 'events') yield* line.events.filter(isFirst);
    if (line?.type === 'other' && ++others <= toldOthers) yield { type: 'provider-event', value: line.value };
  }
  let end: AgentTurnEnd;
  try {
    end = await run.ended;
  } catch (error) {
    // Whoever ended the turn hears first what the call came to that was under way.
    const usage = run.usage();
    if (usage !== null) yield { type: 'usage', usage };
    throw error;
  }
  if (!isBegun) yield { type: 'turn-start', model: program.model };
  const { position, ending, isSettled, words, version, usage } = reader.close(end);
  turn.keep(position);
  const { passed, failure, stop, refused } = end;
  return {
    seen: end.by === 'exit' ? { by: end.by, ending, isSettled } : { by: end.by, detail: end.detail },
    ...{ words, version, usage, passed, failure, stop, refused },
  };
}
