import type { HelperMessage, HelperReply } from './git-helper-messages.js';

/**
 * What runs in the process of `createGitHelper`: simple-git, which is found where the first argument says. It is
 * given its text, so that it is there wherever this code was bundled into: nothing outside it may be named here,
 * save types and what every Node process has.
 */
export function gitHelperProgram(): void {
  /** So long without work, it offers to go. */
  const idleMs = 60_000;
  /** Git gets so long to take its lock files away once the daemon is gone. */
  const patienceMs = 1_000;
  /** Complaints can be as many as there are files. */
  const maxErrorBytes = 65_536;

  /**
   * simple-git refuses all of these until told otherwise, because a caller might pass on what a stranger wrote.
   * Here every one of the values is a constant of `git.ts` or a path of the daemon's own.
   */
  const unsafe = {
    // --git-dir and --work-tree name the vault and a checkout; GIT_CONFIG_GLOBAL turns the user's configuration off.
    allowUnsafeConfigPaths: true,
    // GIT_CONFIG_COUNT carries the settings and the credentials of the one command.
    allowUnsafeConfigEnvCount: true,
    // Set to nothing: hooks, file system monitor, credential helpers, askpass programs.
    allowUnsafeHooksPath: true,
    allowUnsafeFsMonitor: true,
    allowUnsafeCredentialHelper: true,
    allowUnsafeAskPass: true,
    // A new vault is made from no template, so that no hook comes along.
    allowUnsafeTemplateDir: true,
    // ssh must not ask a person.
    allowUnsafeSshCommand: true,
    // The programs that sign, by their usual names, where an operator configured a key.
    allowUnsafeGpgProgram: true,
  };

  const path = process.argv[1] ?? '';
  const { simpleGit }: typeof import('simple-git') = process.getBuiltinModule('node:module').createRequire(path)(path);
  const running = new Map<number, AbortController>();
  let idle: NodeJS.Timeout | undefined;

  const reply = (message: HelperReply): void => {
    if (process.connected) process.send?.(message);
  };
  const run = async (
    request: Extract<HelperMessage, { type: 'run' }>,
    ending: AbortController,
  ): Promise<HelperReply> => {
    const { id, argv, env, directory, input, isUrgent, encoding, maxBytes } = request;
    const failure = { exitCode: 0, wasKilled: false, stderr: '' };
    const printed: Buffer[] = [];
    let room = maxBytes;
    const client = simpleGit({
      baseDir: directory,
      binary: isUrgent ? 'git' : ['nice', 'git'],
      allowEnvironment: Object.keys(env).filter((name) => /^(GIT|SSH|GNUPG)/.test(name)),
      unsafe,
      maxConcurrentProcesses: 1,
      completion: { onClose: true, onExit: false },
      abort: ending.signal,
      // Bytes, for an empty string would leave standard input open.
      input: () => Buffer.from(input ?? '', encoding),
      errors: (error, result) => {
        // Null where a signal ended it, whatever the types say; below zero where it could not be started.
        const exitCode: number | null = result.exitCode;
        failure.wasKilled = exitCode === null;
        failure.exitCode = exitCode ?? -1;
        failure.stderr = Buffer.concat(result.stdErr).subarray(0, maxErrorBytes).toString('utf8');
        // An exit code is an answer to judge elsewhere, not an error of the client's making.
        return failure.exitCode < 0 && error instanceof Error ? error : undefined;
      },
    });
    // simple-git waits 50 ms for the output of a command that printed nothing. An empty chunk tells it not to.
    client.outputHandler((_, stdout) => {
      stdout.on('data', (chunk: Buffer) => {
        if (room < 0) return;
        printed.push(room < chunk.length ? chunk.subarray(0, room) : chunk);
        room -= chunk.length;
        if (room < 0) ending.abort();
      });
      queueMicrotask(() => stdout.emit('data', Buffer.alloc(0)));
    });
    const outcome = (): HelperReply => {
      const stdout = Buffer.concat(printed).toString(encoding);
      const { exitCode, stderr } = failure;
      return { type: 'ended', id, outcome: { exitCode, stdout, stderr, isCut: room < 0 } };
    };
    try {
      await client.env({ ...env }).raw([...argv]);
      if (room < 0) return outcome();
      if (failure.wasKilled) return { type: 'killed', id, why: 'Git was ended by a signal' };
      if (failure.exitCode < 0) return { type: 'not-run', id, why: failure.stderr };
      return outcome();
    } catch (error) {
      if (room < 0) return outcome();
      if (ending.signal.aborted) return { type: 'killed', id, why: 'Git was ended, as was asked' };
      return { type: 'not-run', id, why: String(error) };
    }
  };

  // Whatever signals more than the daemon alone: it is the daemon that decides when git ends.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});
  process.on('message', (message: HelperMessage) => {
    if (message.type === 'cancel') {
      running.get(message.id)?.abort();
      return;
    }
    clearTimeout(idle);
    const ending = new AbortController();
    running.set(message.id, ending);
    void run(message, ending).then((answer) => {
      reply(answer);
      running.delete(message.id);
      if (running.size === 0) idle = setTimeout(() => reply({ type: 'idle' }), idleMs);
    });
  });
  process.once('disconnect', () => {
    clearTimeout(idle);
    for (const ending of running.values()) ending.abort();
    // What git began may hold its pipes open for longer.
    setTimeout(() => process.exit(), running.size === 0 ? 0 : patienceMs);
  });
}
