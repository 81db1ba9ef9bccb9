import { fileURLToPath } from 'node:url';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createTestWorkspace, type TestWorkspace } from '@baton/agent-kit/testing';
import type { AgentUsage, Clock, CodingAgent } from '@baton/core';
import { type AcpAgentOptions, createAcpAgent } from '../src/index.js';
import { type ModelServer, startModelServer } from './model-server.js';

const fakeAgent = fileURLToPath(new URL('./fake-agent-process.ts', import.meta.url));

export const realKey = 'sk-real-0123456789abcdef';
/** Of one `edit`. */
export const editUsage: AgentUsage = {
  inputTokens: 100,
  cachedInputTokens: 40,
  outputTokens: 7,
  microUsd: 154,
  basis: 'computed',
};

/** A workspace, a provider and a fake agent between them. */
export interface Scene {
  readonly workspace: TestWorkspace;
  readonly model: ModelServer;
  agent(flaw?: string, options?: Partial<AcpAgentOptions> & { readonly clock?: Clock }): CodingAgent;
  read(path: string): Promise<string | null>;
  dispose(): Promise<void>;
}

export async function createScene(): Promise<Scene> {
  const [workspace, model] = await Promise.all([createTestWorkspace(), startModelServer()]);
  return {
    workspace,
    model,
    agent: (flaw = 'none', options = {}) =>
      createAcpAgent({
        agent: { run: `exec '${process.execPath}' '${fakeAgent}' ${flaw}` },
        protocol: 'openai-chat',
        model: 'test-model',
        baseUrl: model.url,
        key: realKey,
        price: () => ({ input: 1, output: 10, cachedInput: 0.6 }),
        clock: createSystemRuntime().clock,
        ...options,
      }),
    async read(path) {
      const bytes = await workspace.view.readFile(path);
      return bytes && new TextDecoder().decode(bytes);
    },
    async dispose() {
      await workspace.dispose();
      await model.stop();
    },
  };
}
