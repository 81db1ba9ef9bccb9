import { holderOf, type MountPlan } from './mount-plan.js';
import { guardProc } from './proc-guard.js';

/** What the arguments are made of. Descriptors are those that bubblewrap itself finds open. */
export interface ArgumentsRequest {
  readonly plan: MountPlan;
  readonly home: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Small files that are made anew inside. */
  readonly files: readonly { readonly path: string; readonly descriptor: number }[];
  /** The socket of the network proxy, where there is one: of the host, and where it stands inside. */
  readonly proxySocket: { readonly source: string; readonly target: string } | null;
  /** How large each directory in memory may grow. */
  readonly temporaryBytes: number;
  /** Sockets of the host that are covered. */
  readonly sockets: readonly string[];
  readonly descriptors: {
    readonly info: number;
    readonly block: number;
    readonly seccomp: number | null;
  };
}

/** Inside, root of the host is an ordinary user: programs that take themselves for root try what they may not. */
export const insideId = (hostId: number): number => (hostId === 0 ? 1000 : hostId);

/** The first of some paths that lies in nothing of the host's, so that something can be made there. */
export function chooseFree(plan: MountPlan, candidates: readonly [string, ...string[]]): string {
  return candidates.find((each) => holderOf(plan.mounts, each) === null) ?? candidates[0];
}

/** Everything between `bwrap` and the command. Handed over by descriptor, so that no environment shows in `ps`. */
export function bubblewrapArguments(request: ArgumentsRequest): string[] {
  const { plan, home, descriptors } = request;
  const inMemory = (path: string, mode: string): [string, ...string[]] => [
    path,
    ...['--perms', mode, '--size', String(request.temporaryBytes), '--tmpfs', path],
  ];
  const operations: [path: string, ...args: string[]][] = [
    ['/dev', '--dev', '/dev'],
    ['/proc', '--proc', '/proc', ...guardProc()],
    inMemory('/dev/shm', '1777'),
    inMemory(home, '0700'),
    ...request.files.map(({ path, descriptor }): [string, ...string[]] => [
      path,
      ...['--perms', '0444', '--file', String(descriptor), path],
    ]),
    ...plan.mounts.map(({ path, writable }): [string, ...string[]] => [
      path,
      writable ? '--bind' : '--ro-bind',
      path,
      path,
    ]),
    ...plan.links.map(({ path, target }): [string, ...string[]] => [path, '--symlink', target, path]),
  ];
  for (const path of request.sockets) operations.push([path, '--ro-bind', '/dev/null', path]);
  if (holderOf(plan.mounts, '/tmp')?.path !== '/tmp') operations.push(inMemory('/tmp', '1777'));
  const socket = request.proxySocket;
  if (socket !== null) operations.push([socket.target, '--ro-bind', socket.source, socket.target]);
  // What contains comes before what it contains: the longer path decides.
  operations.sort(([left], [right]) => (left < right ? -1 : 1));
  return [
    '--unshare-user',
    '--disable-userns',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-ipc',
    '--unshare-uts',
    ...['--uid', String(insideId(process.getuid?.() ?? 0)), '--gid', String(insideId(process.getgid?.() ?? 0))],
    ...['--hostname', 'baton'],
    ...['--cap-drop', 'ALL'],
    '--die-with-parent',
    '--new-session',
    ...operations.flatMap(([, ...args]) => args),
    // Both are directories in memory of no size of their own. Devices stay writable.
    ...['--remount-ro', '/dev', '--remount-ro', '/'],
    '--clearenv',
    ...Object.entries(request.env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...(descriptors.seccomp === null ? [] : ['--seccomp', String(descriptors.seccomp)]),
    ...['--info-fd', String(descriptors.info)],
    ...['--block-fd', String(descriptors.block)],
    ...['--chdir', request.directory],
  ];
}
