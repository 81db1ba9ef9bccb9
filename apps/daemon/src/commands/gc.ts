import { isEnded, type WorkspaceKey } from '@baton/core';
import { exitCodes } from '../exit-codes.js';
import { formatAge } from '../render/format-amounts.js';
import { renderTable } from '../render/render-table.js';
import type { Command } from '../run-command.js';
import { openSession, type Session } from '../wire/open-session.js';

/** What became of one checkout. */
interface Swept {
  readonly key: WorkspaceKey;
  readonly usedAt: number;
  readonly action: 'removed' | 'would-remove' | 'kept';
  readonly reason: string;
  readonly rescued: string | null;
}

async function judge(session: Session, key: WorkspaceKey, signal: AbortSignal): Promise<string | null> {
  const store = await session.store();
  const job = await store.get(key.job, { signal });
  // Another store's daemon may own it: what nobody here knows is left alone (G12).
  if (job === null) return 'its job is not in this store';
  return isEnded(job.phase) ? null : `its job is ${job.phase}`;
}

/** `baton gc [--dry-run]`: checkouts of ended jobs go; what was not pushed is rescued first. */
export const gc: Command = async (context, input) => {
  const { output, signal } = context;
  const dry = input.options['dryRun'] === true;
  await using session = await openSession(context);
  const swept: Swept[] = [];
  const seen = new Set<string>();
  for (const { workspaces } of await session.projects()) {
    for (const { key, usedAt } of await Array.fromAsync(workspaces.list({ signal }))) {
      const name = `${key.job}/${key.attempt}/${key.role}`;
      if (seen.has(name)) continue;
      seen.add(name);
      const kept = await judge(session, key, signal);
      const rescued = kept === null && !dry ? await workspaces.remove(key, { signal }) : null;
      const action = kept !== null ? 'kept' : dry ? 'would-remove' : 'removed';
      swept.push({ key, usedAt, action, reason: kept ?? 'its job has ended', rescued });
    }
  }
  if (output.json !== null) {
    const items = swept.map(({ usedAt, ...each }) => ({ ...each, usedAt: new Date(usedAt).toISOString() }));
    output.printJson({ schema: 'baton.gc/v1', items });
  } else if (swept.length === 0) {
    output.print('no checkouts on disk');
  } else {
    const now = session.world.runtime.clock.now();
    const rows = swept.map(({ key, usedAt, action, reason, rescued }) => [
      action,
      `${key.job}/${key.attempt}/${key.role}`,
      formatAge(usedAt, now),
      rescued === null ? reason : `${reason}; kept under ${rescued}`,
    ]);
    output.print(renderTable(rows));
  }
  return exitCodes.ok;
};
