import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAdapter } from '@baton/adapter-kit';
import { createManualClock } from '@baton/conformance';
import type { AdapterHost } from '@baton/core';
import { createMemoryHost } from '@baton/memory';
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
  return createMemoryHost({
    runtime: createTestRuntime(createManualClock()),
    stateDirectory: join(directory, 'state'),
    configDirectory: join(directory, 'config'),
  });
}

describe('sqlite adapter package', () => {
  it.each([
    [{}, 'state/store.db'],
    [{ path: 'kept/here.db' }, 'config/kept/here.db'],
  ])('with %j keeps its store in %s', async (settings, place) => {
    const store = await connectAdapter(adapter, 'store', settings, hostOf());
    expect(await store.get('j1')).toBeNull();
    await store.close?.();
    expect((await stat(join(directory, place))).isFile()).toBe(true);
  });

  it.each([
    [{ path: 7 }, 'path'],
    [{ path: '' }, 'path'],
    [{ pth: 'store.db' }, ''],
  ])('refuses %j before it does anything', async (settings, setting) => {
    await expect(connectAdapter(adapter, 'store', settings, hostOf())).rejects.toMatchObject({
      ...{ code: 'CONFIG_INVALID', details: { setting } },
    });
  });
});
