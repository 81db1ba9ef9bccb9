import type { Brief, CallOptions, Instant, JobStore, Runtime } from '@baton/core';
import { spendScope, utcDay } from '../agents/spend.js';
import { type AskedText, clipBrief, hashToldText } from '../job/told-text.js';
import type { Project } from '../project/project.js';
import { type AskPermission, askPermissions } from '../trust/ask-permissions.js';
import { isTrusted, type KnownTrust, readTrust } from '../trust/trust.js';
import { whenToBegin } from './begun-jobs.js';
import type { Edits, Facts, OwnFacts } from './eligibility.js';
import { listTaken } from './open-places.js';
import { readPause } from './pause.js';

/** Where facts are read. */
export interface FactSources {
  readonly project: Project;
  readonly store: JobStore;
  readonly runtime: Runtime;
}

/** Whose facts are read. */
export interface FactSubject {
  /** Null where there is none yet. */
  readonly job: { readonly id: string; readonly isBegun: boolean } | null;
  readonly issueId: string;
  readonly branch: string;
  /** Hash of the text that a person approved. Null: none. */
  readonly approvedText: string | null;
}

/** Reads everything that decides about an issue, now. A look-up that fails rejects: nothing is taken for granted. */
export async function readFacts(
  { project, store, runtime }: FactSources,
  subject: FactSubject,
  options: CallOptions = {},
): Promise<Facts> {
  const { source, forge, query } = project;
  const issue = await source.get(subject.issueId, options);
  const brief = issue && (await source.brief(subject.issueId, query, options));
  const trust = await readTrust({ project, store }, 'source', options);
  const ask = askPermissions(source);
  const trusted = brief && (await keepTrustedComments(ask, trust, brief, options));
  const told = trusted && clipBrief(trusted);
  // The issue was read before its edits were: what is told is never a text that nobody was asked about.
  const edited = issue && told && clipBrief({ ...told, title: issue.title, body: issue.body });
  const edits =
    edited === null ? ({ kind: 'none' } as const) : await judgeEdits({ ask, trust }, edited, subject, options);
  const now = runtime.clock.now();
  return {
    issue,
    trust,
    commentsLeftOut: (brief?.comments.length ?? 0) - (trusted?.comments.length ?? 0),
    now,
    beginAt:
      brief === null ? now : await whenActorMayBegin({ project, store }, brief, { job: subject.job, now }, options),
    brief: edits.kind === 'approved' ? edited : told,
    permission: brief && (await source.permission(brief.trigger.actor, options)),
    edits,
    pullRequests: issue ? await forge.findPullRequests({ head: subject.branch }, options) : [],
    ...(await readOwnFacts({ project, store, runtime }, subject.job?.id ?? null, options)),
  };
}

async function whenActorMayBegin(
  { project, store }: Pick<FactSources, 'project' | 'store'>,
  { trigger }: Brief,
  { job, now }: Pick<FactSubject, 'job'> & Pick<Facts, 'now'>,
  options: CallOptions,
): Promise<Instant> {
  // What was begun is gone on with, however many were begun since.
  if (job?.isBegun) return now;
  const subject = { project: project.name, actorId: trigger.actor.id };
  const perHour = project.trust.perActorPerHour;
  return whenToBegin(store, subject, { job: job?.id ?? null, perHour, now }, options);
}

/** Reads what decides without a host being asked: it costs nothing to look again. */
export async function readOwnFacts(
  { project, store, runtime }: FactSources,
  job: string | null,
  options: CallOptions = {},
): Promise<OwnFacts> {
  const now = runtime.clock.now();
  const taken = project.budget.openPullRequests === null ? [] : await listTaken(store, project.name, options);
  return {
    openPullRequests: taken.filter((each) => each !== job).length,
    microUsdToday: await store.spent(
      { scope: spendScope(project.name), period: utcDay(now), unit: 'micro-usd' },
      options,
    ),
    pause: await readPause(store, options),
  };
}

/** `edited`: the text that the agent is told where a person approves it, as it stands now. */
async function judgeEdits(
  { ask, trust }: { readonly ask: AskPermission; readonly trust: KnownTrust },
  edited: Brief,
  { approvedText }: FactSubject,
  options: CallOptions,
): Promise<Edits> {
  if (edited.laterEdits.length === 0) return { kind: 'none' };
  const untrusted: AskedText['edits'][number][] = [];
  for (const { field, actor, at } of edited.laterEdits) {
    if (actor?.kind === 'self') continue;
    const may = actor && isTrusted(actor, await ask(actor, options), trust);
    if (may !== true) untrusted.push({ field, login: actor?.login ?? null, at });
  }
  if (untrusted.length === 0) return { kind: 'trusted' };
  const hash = hashToldText(edited);
  if (hash === approvedText) return { kind: 'approved', hash };
  const { title, body, comments } = edited;
  return { kind: 'untrusted', asked: { hash, title, body, comments, edits: untrusted } };
}

/** Comments of people and bots without permission are dropped, not quoted, and Baton's own are nobody's words. */
async function keepTrustedComments(
  ask: AskPermission,
  trust: KnownTrust,
  brief: Brief,
  options: CallOptions,
): Promise<Brief> {
  const comments: Brief['comments'][number][] = [];
  for (const comment of brief.comments) {
    const { author } = comment;
    if (author === null || author.kind === 'self') continue;
    if (isTrusted(author, await ask(author, options), trust)) comments.push(comment);
  }
  return { ...brief, comments };
}
