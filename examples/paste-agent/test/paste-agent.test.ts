import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { connectAdapter, createSystemRuntime } from '@baton/adapter-kit';
import { createTestWorkspace } from '@baton/agent-kit/testing';
import { type CodingAgentRig, codingAgentContract, createManualClock } from '@baton/conformance';
import { createMemoryHost } from '@baton/memory';
import { it } from 'vitest';
import adapter from '../src/adapter.ts';

const taskOf = (path: string): string => `Put this there:\n\n\`\`\`file ${path}\ndone\n\`\`\`\n`;

codingAgentContract(it, async (): Promise<CodingAgentRig> => {
  const workspace = await createTestWorkspace();
  const agent = await connectAdapter(adapter, 'agent', {}, createMemoryHost({ runtime: createSystemRuntime() }));
  const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, microUsd: 0, basis: 'reported' } as const;
  return {
    createAgent: () => agent,
    workspace: workspace.view,
    clock: createManualClock(),
    prompts: {
      edit: taskOf('docs/done.txt'),
      fail: taskOf('../elsewhere.txt'),
      hang: null,
      ask: 'Make it faster.',
      escape: taskOf('../outside/escaped.txt'),
      enter: null,
    },
    edit: { path: 'docs/done.txt', content: 'done\n', usage },
    secrets: [],
    processes: workspace.processes,
    escaped: () =>
      access(join(workspace.outside, 'escaped.txt')).then(
        () => true,
        () => false,
      ),
    dispose: workspace.dispose,
  };
});
