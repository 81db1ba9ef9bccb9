import { BatonError } from '@baton/core';
import { hasWorker } from '../running/announce-worker.js';
import { outlineOf, outlineOfJobs, outlineOfMachine, outlineOfStore } from '../support/support-bundle.js';
import { escapeJson } from '../text/escape-control.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command, CommandContext } from '../verb/run-command.js';
import { readVersion } from '../version.js';
import { openRecords } from '../wire/open-records.js';
import { openSession, type Session } from '../wire/open-session.js';
import { findings } from './doctor.js';

/** A failure by its code and the settings that it names: its words may hold anything. */
function outlineOfError(error: unknown): Readonly<Record<string, unknown>> {
  if (!BatonError.is(error)) return { code: 'INTERNAL' };
  const details: object = error.details;
  const setting = 'setting' in details && typeof details.setting === 'string' ? details.setting : null;
  return { code: error.code, setting: setting?.replaceAll(/[^A-Za-z0-9.[\]-]/g, '') ?? null };
}

/** One part of the bundle; what can't be read is told as such, and hides no other part. */
async function part(read: () => Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    signal.throwIfAborted();
    return { error: outlineOfError(error) };
  }
}

async function doctorLines(session: Session, signal: AbortSignal): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  for await (const { subject, check, ok, severity } of findings(session, false, signal)) {
    const [first = ''] = check.split(' ');
    const [, adapter = ''] = subject.split(' ');
    const word = (text: string): string => (/^[A-Za-z.-]{1,30}$/.test(text) ? text : '(another)');
    lines.push([ok ? 'ok' : severity, word(adapter === '' ? 'baton' : adapter), word(first)]);
  }
  return lines;
}

async function readSession(context: CommandContext): Promise<Readonly<Record<string, unknown>>> {
  const { signal } = context;
  await using session = await openSession(context, { readOnly: true });
  const { config } = session;
  return {
    config: outlineOf(config.document.value),
    hasState: session.hasState,
    daemonRuns: hasWorker(config.state),
    doctor: await part(() => doctorLines(session, signal), signal),
    store: await part(async () => await outlineOfStore(await session.store(), { signal }), signal),
    jobs: await part(async () => await outlineOfJobs(await session.store(), { signal }), signal),
  };
}

/** What the store tells by itself, where the configuration can't be used. */
async function readStoreAlone(context: CommandContext): Promise<Readonly<Record<string, unknown>>> {
  const { signal } = context;
  await using records = await openRecords(context);
  const store = await records.store();
  return {
    daemonRuns: hasWorker(records.state),
    store: await part(() => outlineOfStore(store, { signal }), signal),
    jobs: await part(() => outlineOfJobs(store, { signal }), signal),
  };
}

/**
 * `baton support`: what somebody who looks for a fault needs to know of this Baton, to be sent to strangers: kinds,
 * codes, counts and times, and none of the words, names, paths and code that it works with.
 */
export const support: Command = async (context) => {
  const { output, signal } = context;
  const read = await part(() => readSession(context), signal);
  const isRead = typeof read === 'object' && read !== null && 'config' in read;
  const bundle = {
    schema: 'baton.support/v1',
    version: readVersion(),
    at: new Date().toISOString(),
    machine: outlineOfMachine(),
    ...(isRead ? read : { config: read, ...(await readStoreAlone(context).catch(() => ({}))) }),
  };
  if (output.json !== null) output.printJson(bundle);
  else {
    output.print(escapeJson(JSON.stringify(bundle, null, 2)));
    output.tell('It holds no text of issues, code, names or paths: read it before you send it.');
  }
  return exitCodes.ok;
};
