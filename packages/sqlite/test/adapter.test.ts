import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '@baton/conformance';
import { type AdapterHost, BatonError } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import adapter from '../src/index.js';
import { createTestRuntime } from './runtime.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baton-sqlite-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

function hostOf(): AdapterHost {
  const unused = (): never => {
    throw new BatonError('INTERNAL', 'A store needs no sandbox.', { details: {} });
  };
  return {
    runtime: createTestRuntime(createManualClock()),
    sandbox: { spec: 'sandbox/1', id: 'none', measure: unused, spawn: unused },
    stateDirectory: join(directory, 'state'),
    configDirectory: join(directory, 'config'),
    secret: () => null,
    mask: (text) => text,
    price: () => null,
    log: () => {},
  };
}

describe('sqlite adapter package', () => {
  it.each([
    [{}, 'state/store.db'],
    [{ path: 'kept/here.db', use: 'sqlite' }, 'config/kept/here.db'],
  ])('with %j keeps its store in %s', async (settings, place) => {
    const store = adapter.connect(settings, hostOf()).store?.({});
    expect(await store?.get('j1')).toBeNull();
    await store?.close?.();
    expect((await stat(join(directory, place))).isFile()).toBe(true);
  });

  it('refuses a wrong path before it does anything', () => {
    expect(() => adapter.connect({ path: 7 }, hostOf())).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: { setting: 'path' } }),
    );
  });
});
