import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { NetworkProxy } from '../src/network/network-proxy.js';

/** A server of the other side, on loopback. */
export interface Peer extends AsyncDisposable {
  readonly port: number;
  /** What it was sent, over all connections. */
  received(): string;
  /** How many connections it has seen. */
  connections(): number;
}

/** A peer that does as told with each connection; its failures are its own. */
export async function startPeer(serve: (socket: Socket) => void = () => undefined): Promise<Peer> {
  let [received, connections] = ['', 0];
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      received += data.toString('latin1');
    });
    serve(socket);
  });
  return { ...(await listening(server)), received: () => received, connections: () => connections };
}

/** Listens on loopback; disposal cuts every connection. */
export async function listening(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Sends bytes to a proxy; all that comes back until it closes the connection, or says nothing more after `until`. */
export async function exchange(proxy: NetworkProxy, bytes: string | Buffer, until?: RegExp): Promise<string> {
  const socket = connect(proxy.socketPath);
  socket.on('error', () => undefined);
  let said = '';
  const ended = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      said += data.toString('latin1');
      if (until?.test(said)) socket.destroy();
    });
    socket.once('close', () => resolve());
  });
  socket.write(bytes);
  await ended;
  return said;
}

/** A tunnel that was granted. */
export async function openTunnel(proxy: NetworkProxy, target: string): Promise<Socket> {
  const socket = connect(proxy.socketPath);
  socket.on('error', () => undefined);
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const [answer] = await once(socket, 'data');
  if (!String(answer).startsWith('HTTP/1.1 200 ')) throw new Error(`No tunnel to ${target}: ${String(answer)}`);
  return socket;
}

/** All that comes until a connection closes. */
export async function drain(socket: Socket): Promise<string> {
  let said = '';
  socket.on('data', (data) => {
    said += data.toString('latin1');
  });
  if (!socket.closed) await once(socket, 'close');
  return said;
}

/** What comes from now on, up to and with some words, or until the connection closes. */
export async function until(socket: Socket, words: string): Promise<string> {
  return await new Promise((resolve) => {
    let said = '';
    const hear = (data: Buffer): void => {
      said += data.toString('latin1');
      if (said.includes(words)) finish();
    };
    const finish = (): void => {
      socket.off('data', hear).off('close', finish);
      resolve(said);
    };
    socket.on('data', hear).on('close', finish);
  });
}
