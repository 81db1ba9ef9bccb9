import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GitBackend } from './git-backend.js';

/** What goes wrong with one request of git. */
export interface GitHttpFault {
  /** `refuse`: answered with `status`. `cut`: the connection ends before git sees it. `lose-answer`: git does it, then the connection ends. */
  readonly kind: 'refuse' | 'cut' | 'lose-answer';
  /** With `refuse`. Default 500. */
  readonly status?: number;
  /** `push` means the request that moves branches, not the look before it. Default: any request. */
  readonly on?: 'push' | 'any';
}

/** One request of git, and where its answer goes. */
export interface GitExchange {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly response: ServerResponse;
}

/** What becomes of a request without a fault. As text: 403, with these words. */
export type GitVerdict = 200 | 401 | 403 | string;

/** Git faults that wait for their requests. */
export interface GitFaults {
  add(fault: GitHttpFault): void;
  clear(): void;
  /** Hands a request to git, or to the fault that waits for it. `judge` tells the status it has without one. */
  serve(backend: GitBackend, exchange: GitExchange, judge: (pushes: boolean) => GitVerdict): Promise<void>;
}

/** A queue with nothing in it. */
export function createGitFaults(): GitFaults {
  const queued: GitHttpFault[] = [];
  return {
    add: (fault) => void queued.push(fault),
    clear: () => void queued.splice(0),
    async serve(backend, { request, url, response }, judge) {
      const moves = url.pathname.endsWith('/git-receive-pack');
      const index = queued.findIndex((each) => each.on !== 'push' || moves);
      const fault = index < 0 ? undefined : queued.splice(index, 1)[0];
      if (fault?.kind === 'cut') return void request.socket.destroy();
      if (fault?.kind === 'refuse') return refuse(response, fault.status ?? 500);
      const verdict = judge(moves || url.searchParams.get('service') === 'git-receive-pack');
      if (typeof verdict === 'string') return refuse(response, 403, verdict);
      if (verdict !== 200) return refuse(response, verdict);
      await backend.serve(request, url, fault?.kind === 'lose-answer' ? null : response);
      if (fault) request.socket.destroy();
    },
  };
}

/** As hosts answer git below a name that a repository had before. */
export function leadOn(response: ServerResponse, location: string): void {
  response.writeHead(301, { location, connection: 'close' }).end();
}

function refuse(response: ServerResponse, status: number, said = String(status)): void {
  if (status === 401) response.setHeader('www-authenticate', 'Basic realm="git"');
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${said}\n`);
}
