import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { refusePipelining } from '../../src/index.js';

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** A server, one connection to it, and the answers that it owes. */
async function connected(): Promise<
  AsyncDisposable & {
    readonly socket: ReturnType<typeof connect>;
    readonly owed: readonly ServerResponse[];
    readonly asked: () => Promise<unknown>;
  }
> {
  const owed: ServerResponse[] = [];
  const server = createServer(refusePipelining((_request, response) => void owed.push(response)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  return {
    socket,
    owed,
    asked: () => once(server, 'request'),
    async [Symbol.asyncDispose]() {
      socket.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

describe('a connection', () => {
  it('asks again once it was answered', async () => {
    await using each = await connected();
    for (const word of ['first', 'second']) {
      const asked = each.asked();
      each.socket.write(request);
      await asked;
      const told = once(each.socket, 'data');
      each.owed.at(-1)?.end(word);
      expect(String(await told)).toContain(word);
    }
    expect(each.owed).toHaveLength(2);
  });

  it('is closed where it asks for more before it was answered, and nothing more of it is heard', async () => {
    await using each = await connected();
    const closed = once(each.socket, 'close');
    each.socket.write(request.repeat(1_000));
    await closed;
    expect(each.owed).toHaveLength(1);
  });
});
