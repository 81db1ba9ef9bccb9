import { type Command, type CommandResult, messageOf, type SandboxPolicy } from '@baton/core';

const mebi = 1024 * 1024;
const memoryBytes = 128 * mebi;
const processes = 24;

/** A command that tries to pass a limit; what it says tells whether it was held. */
interface LimitProbe {
  readonly name: string;
  readonly argv: Command['argv'];
  readonly limits: Partial<SandboxPolicy>;
  /** Where the limit held. Else it was passed, or the probe couldn't be run. */
  held(result: CommandResult): boolean;
  passed(result: CommandResult): boolean;
}

const probes: readonly LimitProbe[] = [
  {
    name: 'memory',
    argv: [
      process.execPath,
      '-e',
      `process.stdout.write('begun '); Buffer.alloc(${memoryBytes * 2}, 1); process.stdout.write('survived');`,
    ],
    limits: { maxMemoryBytes: memoryBytes },
    held: ({ stdout, exitCode, timedOut }) => stdout === 'begun ' && exitCode === null && !timedOut,
    passed: ({ stdout }) => stdout === 'begun survived',
  },
  {
    name: 'processes',
    argv: [
      '/bin/sh',
      '-c',
      `echo begun; i=0; while [ $i -lt ${processes * 2} ]; do sleep 60 & i=$((i + 1)); done; echo forked; kill $(jobs -p)`,
    ],
    limits: { maxProcesses: processes },
    held: ({ stdout, timedOut }) => stdout === 'begun\n' && !timedOut,
    passed: ({ stdout }) => stdout.includes('forked'),
  },
  {
    name: 'temporary space',
    argv: [
      '/bin/sh',
      '-c',
      // A failed redirection of a special built-in would end the shell.
      `for place in "$HOME" "$TMPDIR" /dev /dev/shm; do
        (head -c ${memoryBytes / 2} /dev/zero > "$place/fill") 2>/dev/null && echo "filled $place"
        rm -f "$place/fill"
      done; echo ended`,
    ],
    limits: { maxMemoryBytes: memoryBytes },
    held: ({ stdout }) => stdout === 'ended\n',
    passed: ({ stdout }) => stdout.includes('filled'),
  },
];

/** Tries to pass each limit. Empty where all held, else why not, for each that didn't. */
export async function probeLimits(
  run: (command: Command, limits: Partial<SandboxPolicy>) => Promise<CommandResult>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found = await Promise.all(
    probes.map(async ({ name, argv, limits, held, passed }) => {
      try {
        const result = await run({ argv, timeoutMs: 60_000 }, limits);
        if (held(result)) return [];
        return [
          passed(result) ? `no limit on ${name} holds here` : `the probe of the limit on ${name} could not be run`,
        ];
      } catch (error) {
        signal.throwIfAborted();
        const why = messageOf(error);
        return [`the probe of the limit on ${name} could not be run: ${why}`];
      }
    }),
  );
  return found.flat();
}
