import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createModelFetch, FailedAnswer } from '../src/index.js';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function fail(asked: Promise<unknown>): Promise<FailedAnswer> {
  const error: unknown = await asked.catch((reason: unknown) => reason);
  if (!(error instanceof FailedAnswer)) throw new Error(`it came to ${String(error)}`);
  return error;
}

const ask = createModelFetch('agent', 'sk-canary');

describe('the fetch that SDKs are given', () => {
  it('sends the key, and no header that an SDK found in the environment', async () => {
    let seen: unknown;
    const url = await serve(({ headers }, response) => {
      seen = headers;
      response.end('{}');
    });
    await (await ask(url, { headers: { 'x-secret': 'other', 'content-type': 'application/json' } })).text();
    expect(seen).toMatchObject({ authorization: 'Bearer sk-canary', 'content-type': 'application/json' });
    expect(seen).not.toHaveProperty('x-secret');
  });

  it('follows no redirect', async () => {
    const elsewhere = await serve((_, response) => expect.fail(`asked ${response.req.url}`));
    const url = await serve((_, response) => void response.writeHead(307, { location: elsewhere }).end());
    expect(await fail(ask(url))).toMatchObject({ status: 307, body: '' });
  });

  it('hands a failure on as it was told, with its headers', async () => {
    const error = { type: 'rate_limit_error', message: 'slow down' };
    const url = await serve((_, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end(JSON.stringify({ error }));
    });
    const failed = await fail(ask(url));
    expect(failed).toMatchObject({ status: 429, body: { error } });
    expect([failed.header('retry-after'), failed.header('retry-after-ms')]).toEqual(['7', null]);
  });

  it('reads the beginning of a failure that goes on for ever', async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serve((_, response) => {
      response.on('close', closed.resolve);
      response.writeHead(500).write('x'.repeat(100_000));
    });
    expect(await fail(ask(url))).toMatchObject({ status: 500, body: 'x'.repeat(65_536) });
    await closed.promise;
  });

  it('gives up an answer that goes on for ever', async () => {
    const piece = 'x'.repeat(1_000_000);
    const url = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const told = { code: 'PROTOCOL_VIOLATION', message: expect.stringContaining('longer than') };
    await expect((await ask(url)).text()).rejects.toMatchObject(told);
  });

  it('takes no page for an answer', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>');
    });
    const details = { received: '<html>Log in</html>' };
    await expect(ask(url)).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATION', details });
  });

  it('tells a connection that fails by its code, and an abort by its reason', async () => {
    const url = await serve(() => {});
    const reason = new Error('enough');
    const aborting = new AbortController();
    const asked = ask(url, { signal: aborting.signal });
    aborting.abort(reason);
    await expect(asked).rejects.toBe(reason);
    for (const close of open.splice(0)) await close();
    const told = { code: 'UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') };
    await expect(ask(url)).rejects.toMatchObject(told);
  });
});
