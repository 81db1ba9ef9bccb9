interface Architecture {
  /** AUDIT_ARCH_… of linux/audit.h. */
  readonly audit: number;
  readonly socket: number;
  /** Numbers of the refused calls, in the order of `refused`. */
  readonly numbers: readonly number[];
  /** First number of a second way to make the same calls (x32). */
  readonly alternate: number | null;
}

/**
 * add_key, request_key, keyctl: keyrings belong to no namespace. bpf, perf_event_open, userfaultfd: doors to
 * the kernel that no build needs. io_uring_*: it opens sockets past this filter.
 * Numbers are those of Linux's syscall tables.
 */
const architectures: Readonly<Record<string, Architecture>> = {
  x64: { audit: 0xc000003e, socket: 41, numbers: [248, 249, 250, 321, 298, 323, 425, 426, 427], alternate: 0x40000000 },
  arm64: { audit: 0xc00000b7, socket: 198, numbers: [217, 218, 219, 280, 241, 282, 425, 426, 427], alternate: null },
};
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. A network namespace doesn't hold the others: AF_VSOCK reaches the hypervisor. */
const families = [1, 2, 10, 16];

const allow = 0x7fff0000;
const errno = (number: number): number => 0x00050000 | number;
const [eperm, enosys, eafnosupport] = [1, 38, 97];

/**
 * A filter in the shape that bubblewrap takes (`struct sock_filter[]`): refuses what reaches past namespaces,
 * and calls of a foreign architecture, which it couldn't judge. Null on architectures that it doesn't know.
 */
export function createSeccompFilter(name: string): Buffer | null {
  const architecture = architectures[name];
  if (architecture === undefined) return null;
  const { audit, socket, numbers, alternate } = architecture;
  const program = [
    load(4),
    ...ifEqual(audit, [], [answer(errno(enosys))]),
    load(0),
    ...(alternate === null ? [] : [jump(0x35, alternate, 0, 1), answer(errno(enosys))]),
    ...numbers.flatMap((number) => ifEqual(number, [answer(errno(eperm))], [])),
    ...ifEqual(
      socket,
      [load(16), ...families.flatMap((family) => ifEqual(family, [answer(allow)], [])), answer(errno(eafnosupport))],
      [],
    ),
    answer(allow),
  ];
  return Buffer.concat(program);
}

/** BPF_LD | BPF_W | BPF_ABS: a word of `struct seccomp_data`. */
const load = (offset: number): Buffer => instruction(0x20, 0, 0, offset);
/** BPF_RET | BPF_K */
const answer = (value: number): Buffer => instruction(0x06, 0, 0, value);
const jump = (code: number, value: number, whenTrue: number, whenFalse: number): Buffer =>
  instruction(code, whenTrue, whenFalse, value);

/** BPF_JMP | BPF_JEQ | BPF_K over one of the two blocks; one of them is empty. */
function ifEqual(value: number, then: readonly Buffer[], otherwise: readonly Buffer[]): Buffer[] {
  return [jump(0x15, value, otherwise.length, then.length), ...then, ...otherwise];
}

function instruction(code: number, whenTrue: number, whenFalse: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(whenTrue, 2);
  bytes.writeUInt8(whenFalse, 3);
  bytes.writeUInt32LE(value >>> 0, 4);
  return bytes;
}
