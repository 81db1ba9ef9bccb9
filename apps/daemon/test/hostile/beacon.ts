import { createServer, type Server, type Socket } from 'node:net';

/** A server of the attacker's, and a socket of the host's that is not for agents. */
export interface Beacon extends AsyncDisposable {
  readonly port: number;
  /** What reached either, by connection. */
  received(): readonly string[];
}

/** Answers that a careful client has to survive, by the path that is asked for. */
const oddAnswers: Readonly<Record<string, string>> = {
  '/status-099': 'HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok',
  '/trailer': 'HTTP/1.1 200 OK\r\nTrailer: x\r\nContent-Length: 2\r\n\r\nok',
  '/control': 'HTTP/1.1 200 OK\r\nX-Odd: a\u0001b\r\nContent-Length: 2\r\n\r\nok',
};
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nthanks';

/** Listens on a port of 127.0.0.1 and on a Unix socket. */
export async function startBeacon(socketPath: string): Promise<Beacon> {
  const received: string[] = [];
  const living = new Set<Socket>();
  const serve = (where: string) => (socket: Socket) => {
    const at = received.push(`${where}: `) - 1;
    living.add(socket);
    socket.on('close', () => living.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      received[at] += data.toString('latin1').slice(0, 2_000);
      const path = /^\w+ (\S+)/.exec(data.toString('latin1'))?.[1] ?? '';
      socket.end(oddAnswers[path] ?? answer);
    });
  };
  const tcp = createServer(serve('port'));
  const unix = createServer(serve('socket'));
  await listen(tcp, { host: '127.0.0.1', port: 0 });
  await listen(unix, { path: socketPath });
  const address = tcp.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    port: address.port,
    received: () => received,
    async [Symbol.asyncDispose]() {
      for (const socket of living) socket.destroy();
      await Promise.all([tcp, unix].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function listen(server: Server, where: { readonly path: string } | { readonly host: string; readonly port: number }) {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, resolve);
  });
}
