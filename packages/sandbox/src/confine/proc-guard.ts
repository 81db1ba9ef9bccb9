import { lstatSync, readdirSync } from 'node:fs';

/** On some kernels they tell of processes and keys of the whole host. The rest of what is secret there asks for capabilities. */
const masked = new Set(['keys', 'sched_debug', 'timer_list']);
/** Hold nothing that can be written to any harm; each bind costs a fifth of a millisecond. */
const harmless = new Set(['pressure', 'sysvipc', 'tty']);

/**
 * Arguments that close a fresh `/proc`: for root on the host, `/proc/sys/kernel/core_pattern` and its like stay
 * writable in spite of a user namespace and dropped capabilities. Everything that isn't a process is bound
 * read-only over it. The binds also keep a nested user namespace from mounting a fresh `/proc` of its own.
 */
export function guardProc(): string[] {
  return readdirSync('/proc').flatMap((name) => {
    if (/^\d+$/.test(name) || harmless.has(name)) return [];
    const path = `/proc/${name}`;
    const kind = lstatSync(path, { throwIfNoEntry: false });
    if (kind === undefined || kind.isSymbolicLink()) return [];
    if (masked.has(name)) return ['--ro-bind', '/dev/null', path];
    return kind.isDirectory() || (kind.mode & 0o222) !== 0 ? ['--ro-bind', path, path] : [];
  });
}
