import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createSecrets } from '@baton/adapter-kit';
import type { Baton } from '@baton/engine';
import { scratchGit } from '@baton/fake-hosts';
import { describe, expect, it } from 'vitest';
import { configAccept } from '../../src/commands/config/accept.js';
import { watchConfig } from '../../src/config/watch-config.js';
import { createReloader } from '../../src/running/reload-config.js';
import { createOutput } from '../../src/verb/output.js';
import type { CommandContext } from '../../src/verb/run-command.js';
import { openSession } from '../../src/wire/open-session.js';
import { makeScratch } from '../support/scratch.js';

const text = (extra = '', project = 'web'): string =>
  `version: 1\nstate: ./state\n${extra}projects:\n  - name: ${project}\n    source: { use: local }\n    agents: [{ use: scripted, file: s.yaml }]\n    sandbox: { mode: "off" }\n`;

type Reconfigured = Parameters<Baton['reconfigure']>[0];

function contextOf(cwd: string, lines: string[]): CommandContext {
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      const { level, msg } = JSON.parse(String(chunk));
      lines.push(`${level}: ${msg}`);
      done();
    },
  });
  const environment = { HOME: cwd, PATH: '/usr/bin:/bin' };
  const output = createOutput({
    environment,
    json: null,
    logLevel: 'info',
    mask: (text) => text,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  const signal = new AbortController().signal;
  return {
    environment,
    secrets: createSecrets(environment),
    cwd,
    output: { ...output, progressIsRead: false },
    stderr,
    nodeFile: process.execPath,
    config: undefined,
    mayAsk: false,
    signal,
    interrupts: { signal, take: () => {}, interrupted: () => false, count: () => 0 },
  };
}

describe('a configuration that changes under a running daemon', () => {
  it('is taken up; a bad one keeps the last good one and is told of once (G29)', async () => {
    await using scratch = await makeScratch();
    const file = join(scratch.path, 'baton.config.yaml');
    const lines: string[] = [];
    const taken: Reconfigured[] = [];
    await writeFile(file, text());
    const context = contextOf(scratch.path, lines);
    await using session = await openSession(context);
    await using reloader = createReloader(context, session, { reconfigure: (next) => void taken.push(next) });

    await writeFile(file, text('concurrency: 9\ntotalConcurrency: 12\npollInterval: 5s\n', 'shop'));
    await reloader.reload();
    expect(taken).toMatchObject([
      { concurrency: 9, totalConcurrency: 12, pollIntervalMs: 5000, projects: [{ name: 'shop' }] },
    ]);

    const half = text('concurrency: 9\n').split('    agents:')[0] ?? '';
    await writeFile(file, half);
    await reloader.reload();
    await writeFile(file, `${half}# still being written\n`);
    await reloader.reload();
    await writeFile(file, text('concurrency: none\n'));
    await reloader.reload();
    // A store can't be changed under the jobs that are in it.
    await writeFile(file, text('store: { use: sqlite, path: other.db }\n'));
    await reloader.reload();
    // The engine has it from its start.
    const author = 'commit: { author: { email: baton@example.com } }\n';
    await writeFile(file, text(`store: { use: sqlite, path: other.db }\n${author}`));
    await reloader.reload();

    expect(taken).toHaveLength(3);
    const kept = 'error: the changed configuration is not used, the last good one stays in force: baton.config.yaml:';
    expect(lines.map((line) => (line.startsWith(kept) ? 'kept' : line))).toEqual([
      'info: configuration reloaded: shop',
      'kept',
      'kept',
      'warn: a change of store takes effect at the next start',
      'info: configuration reloaded: web',
      'warn: a change of commit takes effect at the next start',
      'info: configuration reloaded: web',
    ]);
  });

  it('is not taken up where a pull brought it from a branch of Baton, until a person accepts it', async () => {
    await using scratch = await makeScratch();
    const file = join(scratch.path, 'baton.config.yaml');
    const lines: string[] = [];
    const taken: Reconfigured[] = [];
    const context = {
      ...contextOf(scratch.path, lines),
      environment: { HOME: scratch.path, PATH: process.env['PATH'] ?? '' },
    };
    const git = (...argv: string[]): Promise<string> => scratchGit(scratch.path, argv);
    await git('init', '--quiet', '-b', 'main');
    await writeFile(file, text());
    await git('add', file);
    await git('commit', '--quiet', '-m', 'Use Baton');
    await using session = await openSession(context);
    await using reloader = createReloader(context, session, { reconfigure: (next) => void taken.push(next) });

    await writeFile(file, text('concurrency: 9\n'));
    await git('commit', '--quiet', '--all', '-m', 'Tidy up\n\nBaton-Job: j1');
    await reloader.reload();
    expect(taken).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('Baton itself has changed this file')]);
    expect(lines[0]).toContain('run baton config accept');

    await configAccept({ ...context, output: { ...context.output, print: () => {} } }, { arguments: [], options: {} });
    await reloader.reload();
    expect(taken).toMatchObject([{ concurrency: 9 }]);
  });

  it('is seen when it is written, replaced by a rename, and made again after it was gone', async () => {
    await using scratch = await makeScratch();
    await mkdir(join(scratch.path, 'etc'));
    const file = join(scratch.path, 'etc', 'baton.config.yaml');
    await writeFile(file, 'one');
    let seen = Promise.withResolvers<void>();
    const onChange = async (): Promise<void> => seen.resolve();
    await using _watching = await watchConfig({ file, onChange, settleMs: 5, lookEveryMs: 50 });
    const changes = [
      () => writeFile(file, 'two, longer'),
      async () => {
        await writeFile(`${file}.new`, 'three, longer still');
        await rename(`${file}.new`, file);
      },
      () => rm(file),
      () => writeFile(file, 'four'),
    ];
    for (const change of changes) {
      seen = Promise.withResolvers<void>();
      await change();
      await seen.promise;
    }
  });
});
