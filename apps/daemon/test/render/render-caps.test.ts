import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { renderCaps } from '../../src/render/render-caps.js';
import { makeScratch } from '../support/scratch.js';

async function caps(agents: string, prices = '{}'): Promise<string> {
  await using scratch = await makeScratch();
  const file = join(scratch.path, 'baton.config.yaml');
  const project = `{ name: web, source: { use: local }, agents: [${agents}] }`;
  await writeFile(file, `version: 1\nprojects: [${project}]\nprices: ${prices}\n`);
  return renderCaps(await loadConfig({ file, environment: { HOME: '/home/op' }, cwd: scratch.path }));
}

const money = 'at most $5.00 a job, $50.00 a day';

describe('what is told of money at a start', () => {
  it.each([
    ['{ use: command, run: cat }', '{}', "what command costs isn't known: money can't be held for it"],
    ['{ use: claude, model: m }', '{}', "what claude m costs isn't known: money can't be held for it"],
    ['{ use: claude, model: m }', '{ m: { input: 1, output: 2 } }', money],
    ['{ use: claude-code, model: m }', '{}', money],
    ['{ use: scripted, file: s.yaml }', '{}', money],
    ['{ use: "@acme/agent" }', '{}', money],
    [
      '{ use: claude, model: m }, { use: command, run: cat }',
      '{ m: { input: 1, output: 2 } }',
      `${money}; what command costs isn't known: money can't be held for it`,
    ],
  ])('%s, priced %s', async (agents, prices, words) => {
    expect(await caps(agents, prices)).toBe(words);
  });
});
