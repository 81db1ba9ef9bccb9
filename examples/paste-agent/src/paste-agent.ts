import {
  type AgentEvent,
  type AgentSession,
  type AgentUsage,
  BatonError,
  type CallOptions,
  type CodingAgent,
  type TurnEnd,
  type WorkspaceView,
} from '@baton/core';

/** It asks no model: what it costs is known. */
const usage: AgentUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, microUsd: 0, basis: 'reported' };

/** The blocks of a task that name a file: ` ```file src/greeting.txt `. */
function filesOf(prompt: string): readonly (readonly [path: string, text: string])[] {
  return [...prompt.matchAll(/^```file (\S+)\n(.*?)^```/gms)].map(([, path = '', text = '']) => [path, text]);
}

/** Writes the files that a task holds where they say, and asks where it holds none. */
export function createPasteAgent(maxFiles: number): CodingAgent {
  let sessions = 0;
  return {
    spec: 'coding-agent/1',
    id: 'paste',
    async start({ workspace }, { signal } = {}) {
      signal?.throwIfAborted();
      sessions += 1;
      return createPasteSession(`paste-${sessions}`, workspace, maxFiles);
    },
  };
}

function createPasteSession(id: string, workspace: WorkspaceView, maxFiles: number): AgentSession {
  const closing = new AbortController();
  let isTaken = false;

  const paste = async (prompt: string, options: { readonly signal: AbortSignal }): Promise<TurnEnd> => {
    const files = filesOf(prompt);
    if (files.length === 0) return end('needs-person', 'no files', 'The task holds no file: which one is meant?');
    if (files.length > maxFiles) return end('limit-reached', 'too many files', `It holds ${files.length} files.`);
    try {
      for (const [path, text] of files) await workspace.writeFile(path, text, options);
    } catch (error) {
      // An abort is no end of a turn, and a bug none that may be told as the task's.
      if (!BatonError.is(error)) throw error;
      return end('failed', error.code, error.message);
    }
    return end('done', 'written', `Wrote ${files.map(([path]) => path).join(', ')}.`);
  };

  return {
    id,
    async *run({ prompt }, { signal }: CallOptions = {}): AsyncGenerator<AgentEvent> {
      const either = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]);
      either.throwIfAborted();
      if (isTaken) throw new BatonError('CONFLICT', 'The agent takes one turn at a time.', { details: {} });
      isTaken = true;
      try {
        yield { type: 'turn-start', model: null };
        yield await paste(prompt, { signal: either });
      } finally {
        isTaken = false;
      }
    },
    async close() {
      closing.abort(new BatonError('CONFLICT', 'The session is closed.', { details: {} }));
    },
  };
}

function end(unified: TurnEnd['outcome']['unified'], raw: string, summary: string): TurnEnd {
  return { type: 'turn-end', outcome: { unified, raw }, usage, summary };
}
