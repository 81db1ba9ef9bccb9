import { type ChildProcess, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Runs git for a server, and knows every process that it started. */
export interface GitBackend {
  /** Hands a request to `git http-backend`, and its answer to `response`; null throws the answer away. */
  serve(request: IncomingMessage, url: URL, response: ServerResponse | null): Promise<void>;
  /** Runs git to its end. Throws with its error output where it fails. */
  run(argv: readonly string[]): Promise<void>;
  /** Kills what runs, and resolves once nothing does. */
  close(): Promise<void>;
}

/** Serves the repositories below `root`. `searchPath` is where git is looked for. */
export function createGitBackend(root: string, searchPath: string): GitBackend {
  const running = new Map<ChildProcess, Promise<number | null>>();
  const environment = {
    PATH: searchPath,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'http.receivepack',
    GIT_CONFIG_VALUE_0: 'true',
    // Tests run as root over directories of others now and then.
    GIT_CONFIG_KEY_1: 'safe.directory',
    GIT_CONFIG_VALUE_1: '*',
  };
  const start = (argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess => {
    // A group of its own: http-backend has children, and all of them must go.
    const child = spawn('git', argv, { env: { ...environment, ...env }, stdio: 'pipe', detached: true });
    const end = new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null));
      child.once('close', resolve);
    });
    running.set(child, end);
    void end.then(() => running.delete(child));
    return child;
  };
  return {
    async serve(request, url, response) {
      const child = start(['http-backend'], {
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        REQUEST_METHOD: request.method ?? 'GET',
        PATH_INFO: decodeURIComponent(url.pathname),
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        CONTENT_LENGTH: request.headers['content-length'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: [request.headers['git-protocol']].flat()[0] ?? '',
        REMOTE_USER: 'test',
        REMOTE_ADDR: '127.0.0.1',
      });
      const end = running.get(child);
      child.stdin?.on('error', () => {});
      child.stderr?.resume();
      request.once('close', () => {
        if (!request.complete) killGroup(child);
      });
      if (child.stdin) request.pipe(child.stdin);
      if (child.stdout) await forward(child.stdout, response);
      await end;
      response?.end();
    },
    async run(argv) {
      const child = start(argv, {});
      const end = running.get(child);
      let error = '';
      child.stdin?.end();
      child.stdout?.resume();
      child.stderr?.on('data', (chunk: Buffer) => {
        error += chunk.toString('utf8');
      });
      if ((await end) !== 0) throw new Error(`git ${argv[0]} failed: ${error.trim()}`);
    },
    async close() {
      for (const child of running.keys()) killGroup(child);
      await Promise.all(running.values());
    },
  };
}

/** A CGI answer: header lines, an empty line, the body. */
async function forward(output: NodeJS.ReadableStream, response: ServerResponse | null): Promise<void> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of output) {
    if (head === null) {
      write(response, chunk as Buffer);
      continue;
    }
    head = Buffer.concat([head, chunk as Buffer]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    writeHead(response, head.subarray(0, end).toString('latin1'));
    write(response, head.subarray(end + 4));
    head = null;
  }
  if (head !== null) response?.writeHead(500);
}

function writeHead(response: ServerResponse | null, text: string): void {
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*/, 2);
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else headers[name] = line.slice(line.indexOf(':') + 1).trim();
  }
  response?.writeHead(status, headers);
}

function write(response: ServerResponse | null, chunk: Buffer): void {
  if (chunk.length > 0) response?.write(chunk);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
