import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { makeScratch } from '../support/scratch.js';

import { good, wrongConfigurations } from '../support/wrong-configurations.js';

async function complaintOf(
  text: string,
  name = 'baton.config.yaml',
): Promise<{ message: string; fix: string | undefined }> {
  await using scratch = await makeScratch();
  const file = join(scratch.path, name);
  await writeFile(file, text);
  const environment = { SECRET_TOKEN: 'hunter2-hunter2' };
  const error: unknown = await loadConfig({ file, environment, cwd: scratch.path }).then(
    () => new Error('The configuration was taken.'),
    (reason: unknown) => reason,
  );
  if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
  return { message: error.message, fix: error.fix };
}

describe('what a wrong configuration is told', () => {
  it.each(wrongConfigurations)('%s', async (_what, text, message, fix) => {
    expect(await complaintOf(text)).toEqual({ message, fix });
  });

  it('tells every problem of a file at once, in its order, and at most ten', async () => {
    const many = Array.from({ length: 12 }, (_, index) => `wrong${index}: 1\n`).join('');
    const { message } = await complaintOf(`${many}version: 1\nprojects: []\n`);
    const places = [...message.matchAll(/yaml:(\d+):/g)].map((match) => Number(match[1]));
    expect(message).toMatch(/^baton\.config\.yaml has 13 problems:/);
    expect(places).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(message).toMatch(/and 3 more$/);
  });

  it.each([
    ['hold themselves', `${good}prices: &p { fast-1: *p }\n`],
    [
      'double again and again',
      `x-0: &a0 [x]\n${Array.from({ length: 40 }, (_, index) => `x-${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`).join('')}${good}prices: *a40\n`,
    ],
  ])('comes to an end with aliases that %s', async (_, text) => {
    expect((await complaintOf(text)).message).toMatch(
      /the file (is nested too deeply|holds more values than its text)/,
    );
  });

  it('reads JSON with places too', async () => {
    const { message } = await complaintOf('{\n  "version": 1,\n  "projetcs": []\n}\n', 'baton.config.json');
    expect(message).toBe('baton.config.json:3:3: projetcs: unknown key; did you mean projects?');
  });

  it('tells of a TypeScript file without an export, and names the key of one with a wrong value', async () => {
    expect((await complaintOf('export const x = 1;\n', 'baton.config.ts')).message).toBe(
      'baton.config.ts: has no default export that holds the configuration',
    );
    const wrong = 'export default { version: 1 as number, projects: [], concurrency: "x" };\n';
    expect((await complaintOf(wrong, 'baton.config.ts')).message).toContain(
      'baton.config.ts: concurrency: expected a number, found "x"',
    );
  });

  it('tells of a directory in the place of the file, and of no file', async () => {
    await using scratch = await makeScratch();
    const file = join(scratch.path, 'baton.config.yaml');
    const load = () => loadConfig({ file, environment: {}, cwd: scratch.path });
    await expect(load()).rejects.toThrow('baton.config.yaml: there is no such file');
    await mkdir(file);
    await expect(load()).rejects.toThrow('baton.config.yaml: is a directory, not a file');
  });
});
