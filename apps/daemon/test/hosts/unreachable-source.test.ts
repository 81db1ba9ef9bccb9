import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ensureBuilt, runBaton } from '../support/run-baton.js';
import { makeScratch } from '../support/scratch.js';

beforeAll(ensureBuilt, 180_000);

/** A port of loopback at which nobody listens. */
async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

it.each([
  ['github', 'GITHUB_TOKEN'],
  ['gitlab', 'GITLAB_TOKEN'],
])('a source that cannot be asked is never "nothing to do": %s (G18)', async (use, variable) => {
  await using scratch = await makeScratch();
  const baseUrl = `http://127.0.0.1:${await findClosedPort()}`;
  const project = {
    name: 'web',
    source: { use, repository: 'acme/web', baseUrl },
    agents: [{ use: 'command', run: 'true' }],
    verify: { commands: [{ name: 'test', run: 'true' }] },
  };
  // JSON is YAML.
  const config = JSON.stringify({ version: 1, state: './state', projects: [project] });
  await writeFile(join(scratch.path, 'baton.config.yaml'), config);
  const env = { HOME: scratch.path, [variable]: 'secret-of-nobody' };
  const ended = await runBaton(['start', '--once'], { cwd: scratch.path, env });
  expect(ended.exitCode).toBe(1);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toMatch(/error: The project web could not be asked for work: .*ECONNREFUSED/);
  expect(ended.stderr).toMatch(/fix: run baton doctor/);
  expect(ended.stderr).not.toContain('secret-of-nobody');
});
