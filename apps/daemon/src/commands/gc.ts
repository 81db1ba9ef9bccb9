import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { getCompileCacheDir } from 'node:module';
import { isEnded } from '@baton/core';
import { hasWorker } from '../running/announce-worker.js';
import { listOldCompiledCode } from '../support/old-compiled-code.js';
import { escapeLine } from '../text/escape-control.js';
import { formatAge } from '../text/format-instants.js';
import { renderTable } from '../text/render-table.js';
import { CommandError } from '../verb/command-error.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openSession, type Session } from '../wire/open-session.js';
import { tellLeftOut } from '../wire/tell-left-out.js';

/** What became of one thing on disk. */
interface Swept {
  readonly what: 'checkout' | 'vault' | 'cache';
  /** `job/attempt/role` of a checkout, else an absolute path. */
  readonly name: string;
  readonly usedAt: number;
  readonly action: 'removed' | 'would-remove' | 'kept';
  readonly reason: string;
  readonly rescued: string | null;
}

/** Why what is there of a job stays, to stand behind "its job"; null where nothing needs it any more. */
async function whyNeeded(session: Session, id: string, signal: AbortSignal): Promise<string | null> {
  const job = await (await session.store()).get(id, { signal });
  // Another store's daemon may own it: what nobody here knows is left alone.
  if (job === null) return 'is not in this store';
  return isEnded(job.phase) ? null : `is ${job.phase}`;
}

/** Which checkouts go. */
interface CheckoutSweep {
  readonly dry: boolean;
  /** Those of jobs that the store doesn't know as well. */
  readonly unknown: boolean;
}

async function sweepCheckouts(
  session: Session,
  { dry, unknown }: CheckoutSweep,
  signal: AbortSignal,
): Promise<readonly Swept[]> {
  if (unknown && hasWorker(session.config.state)) {
    throw new CommandError(
      `A daemon runs on ${session.config.state}: it may be another store's, whose checkouts they are.`,
      {
        code: 'CONFLICT',
        exit: 'failure',
        fix: 'stop it first, or leave --unknown out',
      },
    );
  }
  const store = await session.store();
  const swept: Swept[] = [];
  for (const workspaces of await session.workspaces()) {
    for (const { key, usedAt } of await Array.fromAsync(workspaces.list({ signal }))) {
      const name = `${key.job}/${key.attempt}/${key.role}`;
      const isLeft = unknown && (await store.get(key.job, { signal })) === null;
      const why = isLeft ? null : await whyNeeded(session, key.job, signal);
      const rescued = why === null && !dry ? await workspaces.remove(key, { signal }) : null;
      const action = why !== null ? 'kept' : dry ? 'would-remove' : 'removed';
      const reason = isLeft ? 'no store knows its job' : why === null ? 'its job has ended' : `its job ${why}`;
      swept.push({ what: 'checkout', name, usedAt, action, reason, rescued });
    }
  }
  return swept;
}

async function sweepVaults(session: Session, dry: boolean, signal: AbortSignal): Promise<readonly Swept[]> {
  // A daemon may be about to work in any of them.
  const busy = hasWorker(session.config.state) ? 'a daemon is running' : null;
  const request = {
    whyNeeded: (job: string) => whyNeeded(session, job, signal),
    dryRun: dry || busy !== null,
  };
  const swept: Swept[] = [];
  for (const workspaces of await session.workspaces()) {
    for (const { name, usedAt, keptFor } of (await workspaces.prune?.(request, { signal })) ?? []) {
      const kept = keptFor ?? busy;
      const action = kept !== null ? 'kept' : dry ? 'would-remove' : 'removed';
      const reason = kept ?? 'nothing needs it; the next job brings its repository in again';
      swept.push({ what: 'vault', name, usedAt, action, reason, rescued: null });
    }
  }
  return swept;
}

async function sweepCompiledCode(session: Session, dry: boolean): Promise<readonly Swept[]> {
  const now = session.services.runtime.clock.now();
  const swept: Swept[] = [];
  for (const path of listOldCompiledCode(getCompileCacheDir(), now)) {
    if (!dry) await rm(path, { recursive: true, force: true });
    const action = dry ? 'would-remove' : 'removed';
    const reason = 'compiled for another Node';
    swept.push({
      what: 'cache',
      name: path,
      usedAt: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
      action,
      reason,
      rescued: null,
    });
  }
  return swept;
}

/** A journal that was let go can't be brought back: asked for alone, and never with `--dry-run`. */
async function forgetJournals(session: Session, age: unknown, signal: AbortSignal): Promise<number | null> {
  if (typeof age !== 'number') return null;
  const store = await session.store();
  if (store.forgetJournals === undefined) {
    throw new CommandError(`The store ${store.id} keeps every journal.`, {
      code: 'CAPABILITY_UNSUPPORTED',
      exit: 'failure',
      fix: 'leave --journals out',
    });
  }
  return store.forgetJournals(session.services.runtime.clock.now() - age, { signal });
}

/**
 * `baton gc [--dry-run] [--unknown] [--journals <age>]`: checkouts of ended jobs go, and what was not pushed is rescued first; so do vaults that
 * hold nothing that anybody needs, and compiled code of other versions of Node. Exit 1 where a project is not in order.
 */
export const gc: Command = async (context, input) => {
  const { output, signal } = context;
  const dry = input.options['dryRun'] === true;
  await using session = await openSession(context, { readOnly: dry, take: 'healthy' });
  const swept = [
    ...(await sweepCheckouts(session, { dry, unknown: input.options['unknown'] === true }, signal)),
    ...(await sweepVaults(session, dry, signal)),
    ...(await sweepCompiledCode(session, dry)),
  ];
  const forgotten = dry ? null : await forgetJournals(session, input.options['journals'], signal);
  if (output.json !== null) {
    const items = swept.map(({ usedAt, ...each }) => ({ ...each, usedAt: new Date(usedAt).toISOString() }));
    output.printJson({ schema: 'baton.gc/v1', items, journals: forgotten });
  } else if (swept.length === 0) {
    output.print('nothing on disk to remove');
  } else {
    const now = session.services.runtime.clock.now();
    const rows = swept.map(({ what, name, usedAt, action, reason, rescued }) => [
      action,
      what,
      formatAge(usedAt, now),
      // Paths are long and can't be wrapped: in a column of their own they leave no room for the others.
      `${escapeLine(name)}: ${rescued === null ? reason : `${reason}; kept under ${rescued}`}`,
    ]);
    output.print(renderTable(rows, output.columns));
  }
  if (output.json === null && forgotten !== null) {
    output.print(`let the journals of ${forgotten} ended ${forgotten === 1 ? 'job' : 'jobs'} go`);
  }
  tellLeftOut(session.leftOut, 'what only its own workspace provider keeps stays', output);
  return session.leftOut.length === 0 ? exitCodes.ok : exitCodes.failure;
};
