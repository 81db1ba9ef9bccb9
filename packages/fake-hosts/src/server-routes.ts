import type { HttpAnswer, HttpRequest } from './server-message.js';

/** What answers a request. */
export type HttpHandler = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;

/** Handlers by method and pattern: `'GET /repos/:owner/:repo'`. `:name` takes one segment, `:name*` all that follow. */
export type HttpRoutes = Readonly<Record<string, HttpHandler>>;

/** The route of a request. */
export interface MatchedRoute {
  readonly handler: HttpHandler;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the first route that matches, or null. */
export function createRouter(routes: HttpRoutes): (method: string, path: string) => MatchedRoute | null {
  const compiled = Object.entries(routes).map(([pattern, handler]) => {
    const [method = '', path = ''] = pattern.split(' ');
    const source = path
      .split('/')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .map((part) => part.replace(/^:(\w+)\*$/, '(?<$1>.+)').replace(/^:(\w+)$/, '(?<$1>[^/]+)'))
      .join('/');
    return { method, regex: new RegExp(`^${source}$`), handler };
  });
  return (method, path) => {
    for (const each of compiled) {
      const match = each.method === method ? each.regex.exec(path) : null;
      if (match === null) continue;
      const found = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decode(value)]);
      return { handler: each.handler, params: Object.fromEntries(found) };
    }
    return null;
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
