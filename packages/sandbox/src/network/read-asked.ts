import type { IncomingMessage } from 'node:http';
import { type Endpoint, parseEndpoint } from './endpoint.js';

/** Where HTTP is spoken unless a port is named. */
export const httpPort = 80;

/** What a request asks for. */
export interface Asked {
  readonly endpoint: Endpoint;
  readonly path: string;
}

/**
 * Reads what a request is for. To a proxy it is an absolute URL, and `Host` counts for nothing (RFC 9112, 3.2.2);
 * within a tunnel a path, and each `Host` must name the host that the tunnel leads to. Null: it is for nothing that could be
 * read in one way only.
 */
export function readAsked(message: IncomingMessage, within: Endpoint | null): Asked | null {
  const url = message.url ?? '';
  if (within === null) {
    const [, authority = '', path = ''] = /^http:\/\/([^/?#@\\]+)((?:[/?][^#]*)?)$/i.exec(url) ?? [];
    const endpoint = parseEndpoint(authority, httpPort);
    return endpoint === null ? null : { endpoint, path: path.startsWith('/') ? path : `/${path}` };
  }
  const hosts = (message.headersDistinct['host'] ?? []).map((each) => parseEndpoint(each, within.port));
  const isMeant = hosts.every((each) => each !== null && each.host.text === within.host.text);
  return url.startsWith('/') && isMeant ? { endpoint: within, path: url } : null;
}
