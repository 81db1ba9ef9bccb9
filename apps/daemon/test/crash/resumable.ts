import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ForgeKind } from '../support/forge-host.js';
import { type ForgeScene, makeForgeScene } from '../support/forge-scene.js';

const step = {
  // A test among the files, so that the change is judged with the tests of the base too.
  write: { 'answer.txt': 'right\n', 'answer.test.js': '// Asks for nothing.\n' },
  run: 'sleep 0.2',
  summary: 'The answer is right now.',
  usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5, microUsd: 700 },
};

/** A scene whose agent tells what it costs, and can go on with a turn in whose middle its daemon died. */
export async function makeResumableScene(kind: ForgeKind): Promise<ForgeScene> {
  const scene = await makeForgeScene(kind, { project: () => ({ agents: [{ use: 'scripted', file: 'steps.yaml' }] }) });
  await writeFile(join(scene.path, 'steps.yaml'), stringify({ default: [step] }));
  return scene;
}
