import { BatonError, type BatonErrorCode, type CallOptions, type JsonValue } from '@baton/core';
import { z } from 'zod';
import type { ToolDefinition } from '../model/model.js';

/** What a tool came to, in words for the model. */
export interface ToolOutcome {
  readonly output: string;
  readonly isError: boolean;
  /** A question that ends the turn: only a person can answer it. */
  readonly question?: string;
}

/** Something that a model can do. */
export interface AgentTool {
  readonly definition: ToolDefinition;
  /** Whether doing it twice is the same as doing it once: then it is simply done again after a crash. */
  readonly isRepeatable: boolean;
  /** A wrong input, and what the model can mend by another call, is an outcome. Everything else rejects. */
  run(input: JsonValue, options: CallOptions): Promise<ToolOutcome>;
}

/** What a call can bring about by being wrong. Everything else is not the model's doing. */
const ownFailures: readonly BatonErrorCode[] = [
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'CONFLICT',
  'COMMAND_FAILED',
  'TOO_LARGE',
  'UNREADABLE',
];

/** An outcome that went well. */
export function succeeded(output: string): ToolOutcome {
  return { output, isError: false };
}

/** An outcome that the model has to mend. */
export function failed(output: string): ToolOutcome {
  return { output, isError: true };
}

/** A tool whose input has a schema, which the model is told and its input is checked by. */
export function createTool<Schema extends z.ZodType>(tool: {
  readonly name: string;
  readonly description: string;
  readonly isRepeatable: boolean;
  readonly input: Schema;
  readonly run: (input: z.output<Schema>, options: CallOptions) => Promise<ToolOutcome>;
}): AgentTool {
  const { $schema: _, ...inputSchema } = z.toJSONSchema(tool.input, { io: 'input' });
  return {
    definition: {
      name: tool.name,
      description: tool.description,
      // Through text, so that it is plain data and nothing else.
      inputSchema: JSON.parse(JSON.stringify(inputSchema)),
    },
    isRepeatable: tool.isRepeatable,
    async run(input, options) {
      const parsed = tool.input.safeParse(input);
      if (!parsed.success) {
        return failed(`The input of ${tool.name} is wrong; nothing was done.\n${z.prettifyError(parsed.error)}`);
      }
      try {
        return await tool.run(parsed.data, options);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (BatonError.is(error) && ownFailures.includes(error.code)) return failed(error.message);
        throw error;
      }
    },
  };
}
