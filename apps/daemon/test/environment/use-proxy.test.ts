import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { useProxyOf } from '../../src/environment/use-proxy.js';

/** A forward proxy that answers for everybody, or leads to whom it knows. */
async function startProxy(target: number) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('by the proxy');
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const onward = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    asked,
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a proxy that the environment names', () => {
  it.each(['http_proxy', 'HTTP_PROXY'])('is gone through by what is fetched, as by git: %s', async (name) => {
    await using origin = await startProxy(0);
    await using proxy = await startProxy(Number(new URL(origin.url).port));
    const restore = useProxyOf({ [name]: proxy.url, no_proxy: '127.0.0.1' });
    try {
      // A name that nobody else knows.
      expect((await fetch('http://forge.invalid/api/v3/user')).ok).toBe(true);
      expect(await (await fetch(origin.url)).text()).toBe('by the proxy');
    } finally {
      restore?.();
    }
    expect(proxy.asked.filter((each) => each.includes('forge.invalid'))).toHaveLength(1);
    // What is left out is asked directly.
    expect(proxy.asked).toHaveLength(1);
    await expect(fetch('http://forge.invalid/')).rejects.toThrow();
  });

  it('is none where none is named', () => {
    expect(useProxyOf({ NO_PROXY: '*' })).toBeNull();
  });
});
