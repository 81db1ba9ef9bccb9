import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A listener between an agent and its model's server. */
export interface OverheardRequests {
  /** In place of the server's own address; without a slash at its end. */
  readonly url: string;
  /** The body of each request so far, as it came. */
  asked(): readonly string[];
  stop(): Promise<void>;
}

/** Passes requests on to a server on loopback, and keeps what each of them held. */
export async function overhearRequests(target: string): Promise<OverheardRequests> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (body.length > 0) asked.push(body.toString());
      const { method, headers: given, url = '/' } = request;
      const { 'transfer-encoding': _, ...kept } = given;
      const headers = { ...kept, 'content-length': body.length, connection: 'close' };
      const passed = send(`${target}${url}`, { method, headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      response.on('close', () => passed.destroy());
      passed.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
