import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { mapMachineError } from '@baton/adapter-kit';
import { BatonError, type CallOptions, type Clock } from '@baton/core';
import type { GitOutcome, GitRun, HelperMessage, HelperReply } from './git-helper-messages.js';
import { gitHelperProgram } from './git-helper-program.js';
import { endMarked } from './kill-marked.js';

/** Runs git in a process of its own. */
export interface GitHelper {
  /**
   * Rejects with `UNAVAILABLE` where git was killed, so that nobody knows how far it came, and with a plain error
   * where it could not be started. An abort leaves none of its processes.
   */
  run(request: GitRun, options?: CallOptions): Promise<GitOutcome>;
  /** Ends the helper, and what it runs. The next `run` would start another one. */
  close(): Promise<void>;
}

/**
 * Starts git by way of a small process, with simple-git. To start a program costs by the memory of whoever starts
 * it, which stands still meanwhile: a daemon of 250 MiB for 17 ms, the helper for 2 ms.
 *
 * The helper is started by the first command. It goes when it has had nothing to do for a minute, with `close`, and
 * with the daemon, however that ends. Credentials reach it by a pipe and stand in the environment of the one
 * command alone.
 */
export function createGitHelper(clock: Clock): GitHelper {
  const living = new Set<ChildProcess>();
  let current: Helper | null = null;
  let last = 0;

  const leave = (helper: Helper): void => {
    if (current === helper) current = null;
    if (helper.child.connected) helper.child.disconnect();
  };
  const start = (): Helper => {
    const program = `(${gitHelperProgram.toString()})()`;
    const limit = String(Math.floor(totalmem() / 2 / 1024));
    const argv = ['-c', limited, 'sh', limit, process.execPath, ...lean, '-e', program, library];
    const child = spawn('/bin/sh', argv, {
      cwd: '/',
      env: {},
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // An interrupt of a terminal reaches every process of the daemon's group, and would end git in its midst.
      detached: true,
    });
    const helper: Helper = { child, pending: new Map() };
    const lose = (error: BatonError): void => {
      living.delete(child);
      leave(helper);
      for (const each of helper.pending.values()) each.reject(error);
      helper.pending.clear();
    };
    const lost = (why: string): BatonError => cutShort(`The process that runs git ${why}`);
    living.add(child);
    child.on('message', (reply: HelperReply) => {
      if (reply.type === 'idle') {
        if (helper.pending.size === 0) leave(helper);
        return;
      }
      const waiting = helper.pending.get(reply.id);
      helper.pending.delete(reply.id);
      // A daemon that has nothing else to do may end.
      if (helper.pending.size === 0) child.channel?.unref();
      if (reply.type === 'ended') waiting?.resolve(reply.outcome);
      else waiting?.reject(reply.type === 'killed' ? cutShort(reply.why) : new Error(reply.why));
    });
    child.on('error', (error) => {
      lose(mapMachineError(error, 'git', 'git-worktree') ?? lost(`failed: ${error.message}`));
    });
    child.once('exit', (exitCode, signal) => lose(lost(`ended (${exitCode ?? signal})`)));
    child.unref();
    return helper;
  };
  const tell = ({ child }: Helper, message: HelperMessage): void => {
    // It could not be started: it has no way in, and its error comes next.
    if (!child.connected) return;
    child.send(message, (error) => {
      if (error !== null) child.emit('error', error);
    });
  };

  return {
    async run({ marker, ...request }, options) {
      const signal = options?.signal;
      signal?.throwIfAborted();
      current ??= start();
      const helper = current;
      last += 1;
      const id = last;
      const outcome = new Promise<GitOutcome>((resolve, reject) => helper.pending.set(id, { resolve, reject }));
      helper.child.channel?.ref();
      tell(helper, { type: 'run', id, ...request });
      /** Git may not have begun yet; and what it began holds its pipes open, and doesn't notice that it is gone. */
      const endAll = async (): Promise<void> => {
        for (;;) {
          const isOver = !helper.pending.has(id);
          await endMarked(marker, clock);
          if (isOver) return;
          await clock.sleep(lookEveryMs);
        }
      };
      let ending: Promise<void> | null = null;
      const cancel = (): void => {
        if (helper.pending.has(id)) tell(helper, { type: 'cancel', id });
        ending = endAll();
      };
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        const found = await outcome;
        signal?.throwIfAborted();
        return found;
      } catch (error) {
        // Without the helper nobody waits for what it had started.
        ending ??= endAll();
        throw signal?.aborted ? signal.reason : error;
      } finally {
        signal?.removeEventListener('abort', cancel);
        await ending;
      }
    },
    async close() {
      if (current !== null) leave(current);
      for (const child of living) {
        child.ref();
        await once(child, 'exit');
      }
    },
  };
}

function cutShort(why: string): BatonError<'UNAVAILABLE'> {
  return new BatonError('UNAVAILABLE', `${why}.`, { details: {}, adapter: 'git-worktree' });
}

interface Helper {
  readonly child: ChildProcess;
  readonly pending: Map<number, Pending>;
}

interface Pending {
  resolve(outcome: GitOutcome): void;
  reject(error: Error): void;
}

const lookEveryMs = 10;

/**
 * How much memory each git may have, in KiB: what it reads of a checkout can be without end, as a link to `/dev/zero`
 * is. Half of the machine's, as commands of a checkout have. Where it can't be set, git runs all the same.
 */
const limited = 'ulimit -d "$1" 2>/dev/null; shift; exec "$@"';

/** By path, since the helper stands in no package. */
const library = createRequire(import.meta.url).resolve('simple-git');

/** What it allocates is copied with each start of a program. */
const lean = ['--max-semi-space-size=1', '--v8-pool-size=0'];
