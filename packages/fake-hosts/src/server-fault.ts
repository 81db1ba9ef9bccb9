import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpAnswer, HttpRequest } from './server-message.js';

/** What goes wrong with one request. */
export type HttpFault =
  /** Answered so, and nothing is done. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  /** It is done, and then answered so: a 502 after the effect. */
  | { readonly kind: 'answer-after'; readonly status: number; readonly body?: unknown }
  /** The connection ends before anything is done. */
  | { readonly kind: 'reset' }
  /** It is done, and the connection ends without an answer. */
  | { readonly kind: 'lose-answer' }
  /** It is done; half of the answer comes, and then nothing more. */
  | { readonly kind: 'stall' }
  /** It is done; the JSON ends in its middle. `lengthFits`: the length tells nothing of it. */
  | { readonly kind: 'truncate'; readonly lengthFits: boolean }
  /** Status 200 with a page for people, as a proxy in trouble answers. */
  | { readonly kind: 'html' }
  /** It is done, and the answer is changed: wrong pages, wrong shapes. */
  | { readonly kind: 'change'; readonly change: (answer: HttpAnswer, request: HttpRequest) => HttpAnswer };

/** Which requests a fault hits. What is left out doesn't narrow. */
export interface FaultMatch {
  readonly method?: string;
  /** Looked for in the path with its query. */
  readonly path?: string | RegExp;
  /** Name of a GraphQL operation. */
  readonly operation?: string;
  /** How many requests it hits. Default 1; `Infinity` until `clearFaults`. */
  readonly times?: number;
}

/** Faults that wait for their requests. */
export interface FaultQueue {
  add(fault: HttpFault, match: FaultMatch): void;
  clear(): void;
  /** Those that no request has met yet. */
  waiting(): readonly FaultMatch[];
  /** The fault of this request, used up, or null. */
  take(request: {
    readonly method: string;
    readonly path: string;
    readonly operation: string | null;
  }): HttpFault | null;
}

export function createFaultQueue(): FaultQueue {
  const queued: { readonly fault: HttpFault; readonly match: FaultMatch; left: number }[] = [];
  return {
    add: (fault, match) => void queued.push({ fault, match, left: match.times ?? 1 }),
    clear: () => void queued.splice(0),
    waiting: () => queued.map(({ match }) => match),
    take({ method, path, operation }) {
      const index = queued.findIndex(
        ({ match }) =>
          (match.method === undefined || match.method === method) &&
          (match.operation === undefined || match.operation === operation) &&
          (match.path === undefined ||
            (typeof match.path === 'string' ? path.includes(match.path) : match.path.test(path))),
      );
      const found = queued[index];
      if (found === undefined) return null;
      found.left -= 1;
      if (found.left <= 0) queued.splice(index, 1);
      return found.fault;
    },
  };
}

/** Writes an answer, or what a fault leaves of it. */
export function writeAnswer(
  answer: HttpAnswer,
  fault: HttpFault | null,
  wire: { readonly request: IncomingMessage; readonly response: ServerResponse },
): void {
  const { request, response } = wire;
  if (fault?.kind === 'reset' || fault?.kind === 'lose-answer') {
    request.socket.destroy();
    return;
  }
  if (fault?.kind === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>We will be back soon.</body></html>');
    return;
  }
  const { status, headers: given = {}, body }: HttpAnswer = fault?.kind === 'answer-after' ? fault : answer;
  if (body === undefined || status === 204 || status === 304) {
    response.writeHead(status, given).end();
    return;
  }
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const type = {
    'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
  };
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  if (fault?.kind === 'stall') {
    response.writeHead(status, { ...type, 'content-length': String(bytes.length), ...given });
    response.write(half);
    return;
  }
  if (fault?.kind === 'truncate') {
    response.writeHead(status, {
      ...type,
      ...given,
      'content-length': String(fault.lengthFits ? half.length : bytes.length),
    });
    response.write(half, () => (fault.lengthFits ? response.end() : request.socket.destroy()));
    return;
  }
  response.writeHead(status, { ...type, 'content-length': String(bytes.length), ...given }).end(bytes);
}
