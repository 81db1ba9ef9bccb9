import { join } from 'node:path';
import { installPackages } from './install-packages.ts';
import { root } from './run-process.ts';

/** The real agents that are tested, by package. Not dependencies: they are large, and have licences of their own. */
const agents: Readonly<Record<string, string>> = {
  '@agentclientprotocol/codex-acp': '2.6.0',
  '@anthropic-ai/claude-code': '2.1.330',
  '@openai/codex': '0.169.0',
  'opencode-ai': '1.18.33',
};

/** Installs the real agents into a cache, unless they are there. Where their programs are. */
export async function installAgents(): Promise<string> {
  const cache = process.env['BATON_AGENT_CACHE'] ?? join(root, 'node_modules', '.cache', 'baton-agents');
  await installPackages(cache, agents);
  return cache;
}
