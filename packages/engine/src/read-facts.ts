import type { Brief, CallOptions, JobStore, Permission, Runtime } from '@baton/core';
import { type Facts, isTrusted, permits } from './eligibility.js';
import { readPause } from './pause.js';
import type { Project } from './project.js';
import { spendScope, utcDay } from './spend.js';

/** Where facts are read. */
export interface FactSources {
  readonly project: Project;
  readonly store: JobStore;
  readonly runtime: Runtime;
}

/** Reads everything that decides about an issue, now. A look-up that fails rejects: nothing is taken for granted. */
export async function readFacts(
  { project, store, runtime }: FactSources,
  subject: { readonly issueId: string; readonly branch: string; readonly editsApproved: boolean },
  options: CallOptions = {},
): Promise<Facts> {
  const { source, forge, query } = project;
  const issue = await source.get(subject.issueId, options);
  const brief = issue && (await source.brief(subject.issueId, query, options));
  return {
    issue,
    brief: brief && (await keepTrustedComments(project, brief, options)),
    permission: brief && (await source.permission(brief.trigger.actor, options)),
    edits: await judgeEdits(project, brief, subject.editsApproved, options),
    pullRequests: issue ? await forge.findPullRequests({ head: subject.branch }, options) : [],
    openPullRequests: await countOpenPullRequests(project, store, options),
    microUsdToday: await store.spent(
      { scope: spendScope(project.name), period: utcDay(runtime.clock.now()), unit: 'micro-usd' },
      options,
    ),
    pause: await readPause(store, options),
  };
}

async function countOpenPullRequests(project: Project, store: JobStore, options: CallOptions): Promise<number> {
  if (project.budget.openPullRequests === null) return 0;
  const jobs = await Array.fromAsync(store.list({ project: project.name, phases: ['reviewing'] }, options));
  return jobs.length;
}

async function judgeEdits(
  project: Project,
  brief: Brief | null,
  approved: boolean,
  options: CallOptions,
): Promise<Facts['edits']> {
  if (brief === null || brief.laterEdits.length === 0) return 'none';
  if (approved) return 'approved';
  for (const { actor } of brief.laterEdits) {
    if (actor === null) return 'untrusted';
    if (actor.kind === 'self') continue;
    if (!isTrusted(actor, await project.source.permission(actor, options), project.trust)) return 'untrusted';
  }
  return 'trusted';
}

/** Comments of people without permission are dropped, not quoted. */
async function keepTrustedComments(project: Project, brief: Brief, options: CallOptions): Promise<Brief> {
  const asked = new Map<string, Permission>();
  const comments: Brief['comments'][number][] = [];
  for (const comment of brief.comments) {
    const { author } = comment;
    if (author === null || author.kind === 'self') continue;
    if (author.kind === 'bot' && !project.trust.bots.includes(author.id)) continue;
    const permission = asked.get(author.id) ?? (await project.source.permission(author, options));
    asked.set(author.id, permission);
    if (author.kind === 'bot' || permits(permission, project.trust.permission)) comments.push(comment);
  }
  return { ...brief, comments };
}
