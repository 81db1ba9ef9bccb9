import type { RequestListener } from 'node:http';

/**
 * Hands on the requests of connections that have one at a time under way, which is how clients of HTTP send them. One
 * that sends the next before it was answered is closed: Node reads requests ahead without end, and each of them takes
 * memory, or a connection onwards, however few connections a server accepts.
 */
export function refusePipelining(listener: RequestListener): RequestListener {
  const busy = new WeakSet<object>();
  return (request, response) => {
    const { socket } = request;
    if (busy.has(socket)) {
      socket.destroy();
      return;
    }
    busy.add(socket);
    response.once('finish', () => busy.delete(socket));
    listener(request, response);
  };
}
