import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createManualClock } from '@baton/conformance';
import { afterEach, describe, expect, it } from 'vitest';
import { createJobLogReader } from '../src/forge/job-log.js';
import { canPush } from '../src/host/diagnose-push.js';
import { repositoryOf } from './fuzz-conversation.js';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A host that takes requests and never answers. */
async function silentHost(): Promise<{ readonly url: string; asked(): Promise<unknown> }> {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked: () => once(server, 'request') };
}

describe('what is asked past the client', () => {
  it('waits half a minute for a log, twice, by the clock that it is given', async () => {
    const { url, asked } = await silentHost();
    const clock = createManualClock();
    const answers = [{ status: 302, headers: { location: `${url}/log` } }];
    const read = createJobLogReader({ ...repositoryOf(answers), clock }, (text) => text);
    const first = asked();
    const log = expect(read('7')).rejects.toMatchObject({ code: 'TIMEOUT', details: { afterMs: 30_000 } });
    await first;
    const second = asked();
    clock.advance(30_000);
    await second;
    clock.advance(30_000);
    await log;
    expect(clock.sleeping).toBe(0);
  });

  it('waits half a minute for whether git may push, and heeds an abort', async () => {
    const { url, asked } = await silentHost();
    const clock = createManualClock();
    const known = repositoryOf([]);
    const repository = { ...known, clock, client: { ...known.client, gitPassword: async () => 'word' } };
    const first = asked();
    const late = expect(canPush(repository, url)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await first;
    clock.advance(30_000);
    await late;

    const stop = new AbortController();
    const again = asked();
    const aborted = expect(canPush(repository, url, { signal: stop.signal })).rejects.toBe('enough');
    await again;
    stop.abort('enough');
    await aborted;
    expect(clock.sleeping).toBe(0);
  });
});
