import { type CodingAgentRig, createManualClock } from '@baton/conformance';
import { BatonError, type CodingAgent, type WorkspaceView } from '@baton/core';
import { createMemoryAgent, type MemoryTurn } from '../src/index.js';

const usage = { inputTokens: 100, cachedInputTokens: 40, outputTokens: 7, microUsd: 1200, basis: 'reported' } as const;

/** A workspace in memory, in which no command runs. */
export function createFiles(): WorkspaceView {
  const files = new Map<string, Uint8Array>();
  const refuse = (): never => {
    throw new Error('no command runs here');
  };
  return {
    root: '/memory',
    scratch: '/scratch',
    exec: refuse,
    spawn: refuse,
    readFile: async (path) => files.get(path) ?? null,
    async writeFile(path, data) {
      if (path.startsWith('..')) {
        throw new BatonError('PERMISSION_DENIED', `${path} is outside.`, { details: { resource: path } });
      }
      files.set(path, typeof data === 'string' ? new TextEncoder().encode(data) : data);
    },
  };
}

/** The agent in memory, or what `alter` makes of it. */
export function createMemoryAgentRig(alter: (agent: CodingAgent) => CodingAgent = (agent) => agent): CodingAgentRig {
  const clock = createManualClock();
  const asked: string[] = [];
  // A model is told its conversation as a whole.
  const read: string[] = [];
  let working = 0;
  const model = async ({ prompt, instructions, workspace, signal }: MemoryTurn) => {
    const ask = (): void => void asked.push([instructions, ...read, prompt].join('\n'));
    working += 1;
    try {
      ask();
      if (prompt === 'fail') return { outcome: 'failed', raw: 'overloaded' } as const;
      if (prompt === 'ask') return { outcome: 'needs-person', summary: 'Which one?' } as const;
      if (prompt === 'hang') {
        await workspace.writeFile('hanging', '');
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }
      if (prompt === 'enter') {
        read.push(new TextDecoder().decode((await workspace.readFile('inner/note.txt')) ?? undefined));
        ask();
        return { usage };
      }
      await workspace.writeFile('edited.txt', 'edited\n');
      return { usage };
    } finally {
      working -= 1;
    }
  };
  return {
    createAgent: () => alter(createMemoryAgent({ clock, turns: model })),
    workspace: createFiles(),
    clock,
    prompts: { edit: 'edit', fail: 'fail', hang: 'hang', ask: 'ask', escape: null, enter: 'enter' },
    edit: { path: 'edited.txt', content: 'edited\n', usage },
    secrets: [],
    asked: () => asked,
    processes: async () => (working === 0 ? [] : ['model']),
    escaped: async () => false,
    dispose: async () => {},
  };
}
