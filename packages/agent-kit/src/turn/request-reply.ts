import type { AgentEvent } from '@baton/core';
import type { Conversation } from '../conversation/conversation.js';
import { planCompaction } from '../conversation/plan-compaction.js';
import type { TranscriptEntry } from '../conversation/transcript-entry.js';
import type { CallUsage, ModelRequest, ToolDefinition } from '../model/model.js';
import type { ModelAgentOptions } from '../model/model-agent-options.js';
import { bytesOf } from '../text/bytes-of.js';
import { toWellFormed } from '../text/well-formed.js';
import { type CallResult, callModel } from './call-model.js';
import { type BudgetedCall, estimateTokens, type TurnBudget } from './turn-budget.js';
import { limitReached } from './turn-ending.js';
import type { Turn } from './turn-session.js';

/** With what a model is asked. */
export interface ReplyRequest {
  readonly options: ModelAgentOptions;
  readonly conversation: Conversation;
  readonly instructions: string;
  readonly tools: readonly ToolDefinition[];
  readonly turn: Turn;
  readonly signal: AbortSignal;
  readonly budget: TurnBudget;
  readonly record: (entry: TranscriptEntry) => Promise<void>;
}

/** In a row. */
const mostOverflows = 2;
/** From here on, a request that is called malformed may in truth be too long: not every provider says so. */
const largeTokens = 16_000;
/** Of what was too long, what the conversation is kept below from then on. */
const fittingShare = 0.9;
/** A model that hears in time of the end of its turn can leave something whole. */
const fewCalls = 4;
const leastSteps = 6;
const nearLimit =
  'The limit of this turn is near: a few more messages, and it ends. Bring the work to an end that can stand by itself, and finish with your summary.';

/**
 * Asks for the next reply of a turn, where the limits allow it: what the call will take is estimated from what
 * the last one took and what was said since, and told high. Trims the conversation where it grows too long.
 * The result is a function, since what was learned of one call serves the next.
 */
export function createReplyRequest(request: ReplyRequest): () => AsyncGenerator<AgentEvent, CallResult> {
  const { options, conversation, turn, signal, budget, record } = request;
  const instructions = request.instructions.toWellFormed();
  const tools = request.tools.map(({ name, description, inputSchema }) => ({
    name: name.toWellFormed(),
    description: description.toWellFormed(),
    inputSchema: toWellFormed(inputSchema),
  }));
  const { client, clock, maxOutputTokens, price, cacheWriteFactor = 1 } = options;
  let { contextWindow } = options;
  const fixedBytes = bytesOf({ instructions, tools });
  /** What the last call took, and how long the conversation was then. */
  let last: { readonly tokens: number; readonly bytes: number } | null = null;
  let trimmedBytes = 0;
  let overflows = 0;
  let isTold = false;
  let isTriedShorter = false;

  const estimateInput = (): number =>
    last === null
      ? estimateTokens(fixedBytes + conversation.bytes)
      : last.tokens + estimateTokens(Math.max(0, conversation.bytes - last.bytes));

  const callOf = (inputTokens: number): BudgetedCall => ({ inputTokens, maxOutputTokens, price, cacheWriteFactor });

  const isNearLimit = (): boolean => {
    const stepsLeft = (turn.limits.maxSteps ?? Number.POSITIVE_INFINITY) - conversation.steps;
    const callsLeft = Math.min(stepsLeft, budget.callsLeft(callOf(estimateInput())));
    return conversation.steps >= leastSteps && callsLeft <= fewCalls;
  };

  /** Whether that made it shorter. */
  const trim = async (keepBytes: number, drops: boolean): Promise<boolean> => {
    const before = conversation.bytes;
    await record({ type: 'trim', keepBytes, drops });
    trimmedBytes = conversation.bytes;
    last = null;
    return trimmedBytes < before;
  };

  /** Whoever ends a turn hears first what the call came to that was under way. */
  async function* tellingCut(calling: ReturnType<typeof callModel>): ReturnType<typeof callModel> {
    try {
      return yield* calling;
    } catch (error) {
      if (signal.aborted) yield { type: 'usage', usage: budget.usage };
      throw error;
    }
  }

  return async function* ask() {
    for (;;) {
      const { maxSteps } = turn.limits;
      if (maxSteps !== null && conversation.steps >= maxSteps) {
        return { type: 'ending', ending: limitReached('max steps'), isRefused: false };
      }
      const { bytes } = conversation;
      const size = { contextWindow, maxOutputTokens, inputTokens: estimateInput(), bytes, trimmedBytes };
      const plan = planCompaction(size);
      if (plan !== null) await trim(plan.keepBytes, plan.drops);
      if (!isTold && isNearLimit()) {
        isTold = true;
        await record({ type: 'note', text: nearLimit });
      }

      const inputTokens = estimateInput();
      let call = callOf(inputTokens);
      const prepare = (): ModelRequest | string => {
        const allowed = budget.allow(callOf(inputTokens));
        if (typeof allowed === 'string') return allowed;
        call = { ...call, maxOutputTokens: allowed };
        return { instructions, tools, messages: conversation.messages, maxOutputTokens: allowed };
      };
      const onCut = (usage: CallUsage): void => budget.add(usage, call);
      const result = yield* tellingCut(callModel({ client, prepare, clock, signal, hold: turn.hold, onCut }));
      if (result.type === 'reply') budget.add(result.reply.usage, call);
      yield { type: 'usage', usage: budget.usage };
      if (result.type === 'ending') {
        if (!result.isRefused || isTriedShorter || inputTokens < largeTokens) return result;
        isTriedShorter = true;
        if (await trim(Math.floor(conversation.bytes / 2), true)) continue;
        return result;
      }
      const { usage, stop } = result.reply;
      if (stop.unified !== 'overflow') {
        if (usage.inputTokens !== null) last = { tokens: usage.inputTokens, bytes: conversation.bytes };
        overflows = 0;
        return result;
      }
      overflows += 1;
      contextWindow = Math.min(contextWindow, Math.floor(inputTokens * fittingShare) + maxOutputTokens);
      const shrank = overflows <= mostOverflows && (await trim(Math.floor(conversation.bytes / 2), true));
      if (!shrank) {
        return { type: 'ending', ending: { unified: 'failed', raw: stop.raw, summary: tooLong }, isRefused: false };
      }
    }
  };
}

const tooLong = "The conversation is longer than the model's window, and nothing more of it may be left out.";
