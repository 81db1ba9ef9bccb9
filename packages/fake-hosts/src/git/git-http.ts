import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createGitBackend } from './git-backend.js';
import { createGitFaults, type GitHttpFault } from './git-faults.js';
import { loadSearchPath } from './load-search-path.js';

/** How the git server is made. */
export interface GitHttpOptions {
  /** A directory; bare repositories right below it are served by their names. */
  readonly root: string;
  /** Password that may read and push, with any user name. Default: nobody is asked. */
  readonly token?: string;
  /** Password that may read; a push with it is answered 403. */
  readonly readOnlyToken?: string;
}

/** Git's own HTTP server on the loopback interface, at a port of its own. */
export interface GitHttpServer extends AsyncDisposable {
  /** Without credentials and without a slash at its end; a repository is at `<url>/<name>`. */
  readonly url: string;
  /** Method and path with query of every request so far, in order. */
  readonly requests: readonly string[];
  /** Makes an empty bare repository below the root, with `main` as its default branch; its URL. */
  createRepository(name: string): Promise<string>;
  /** The next matching request fails so. Called twice, the next two do. */
  failNext(fault: GitHttpFault): void;
  /** Ends every connection and every process. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts the server. It stands on `git http-backend`, so refusals of a push are git's own. */
export async function createGitHttpServer(options: GitHttpOptions): Promise<GitHttpServer> {
  const backend = createGitBackend(options.root, loadSearchPath());
  const requests: string[] = [];
  const faults = createGitFaults();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    requests.push(`${request.method} ${url.pathname}${url.search}`);
    await faults.serve(backend, { request, url, response }, (pushes) => judge(options, request, pushes));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The git server has no port.');
  const url = `http://127.0.0.1:${address.port}`;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await backend.close();
      await closed;
    })();
    return closing;
  };
  return {
    url,
    requests,
    failNext: faults.add,
    async createRepository(name) {
      await backend.run(['init', '--bare', '--quiet', '--initial-branch=main', join(options.root, name)]);
      return `${url}/${name}`;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function judge(options: GitHttpOptions, request: IncomingMessage, pushes: boolean): 200 | 401 | 403 {
  if (options.token === undefined && options.readOnlyToken === undefined) return 200;
  const encoded = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const password = /:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1] ?? '';
  if (options.token !== undefined && password === options.token) return 200;
  if (options.readOnlyToken === undefined || password !== options.readOnlyToken) return 401;
  return pushes ? 403 : 200;
}
