import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { announceWorker, hasWorker, listWorkers } from '../../src/running/announce-worker.js';

it.runIf(process.platform === 'linux')(
  'a worker is one that announced itself and lives, by its number and its start (needs Linux)',
  () => {
    const state = mkdtempSync(join(tmpdir(), 'baton-workers-'));
    onTestFinished(() => rmSync(state, { recursive: true, force: true }));
    expect(hasWorker(state)).toBe(false);
    {
      using _announced = announceWorker(state);
      writeFileSync(join(state, 'workers', String(process.ppid)), '1');
      writeFileSync(join(state, 'workers', 'notes'), 'no number');
      expect(listWorkers(state).map(({ pid }) => pid)).toEqual([process.pid]);
    }
    expect(hasWorker(state)).toBe(false);
    writeFileSync(join(state, 'workers', String(process.ppid)), '');
    expect(listWorkers(state).map(({ pid }) => pid)).toEqual([process.ppid]);
  },
);
