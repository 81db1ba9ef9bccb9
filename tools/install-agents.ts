import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, runProcess } from './run-process.ts';

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
  const wanted = Object.entries(agents).map(([name, version]) => `${name}@${version}`);
  const hash = createHash('sha256').update(wanted.join(' ')).digest('hex');
  const stamp = join(cache, '.installed');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === hash) return cache;
  await mkdir(cache, { recursive: true });
  await writeFile(join(cache, 'package.json'), '{ "private": true }\n');
  console.error(`Installing ${wanted.join(', ')} …`);
  const argv = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', cache, ...wanted];
  const { exitCode, output } = await runProcess('npm', argv, { output: 'keep', cwd: cache });
  if (exitCode !== 0) throw new Error(`The agents can't be installed:\n${output}`);
  await writeFile(stamp, hash);
  return cache;
}
