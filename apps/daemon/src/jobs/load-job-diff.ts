import { type CallOptions, isEnded, type Job, type Workspace, type WorkspaceKey } from '@baton/core';
import { type JobView, type Project, viewJob } from '@baton/engine';
import { escapeLine } from '../text/escape-control.js';
import { CommandError } from '../verb/command-error.js';
import type { Records } from '../wire/open-records.js';

function openAt(project: Project, key: WorkspaceKey, baseCommit: string, call: CallOptions): Promise<Workspace> {
  const { network, readable, maxMemoryBytes, maxProcesses } = project.sandbox;
  const sandbox = { network, readable, maxMemoryBytes, maxProcesses };
  return project.workspaces.open({ repository: project.forge.repository, key, baseCommit, sandbox }, call);
}

/** The work from the job's own checkout; null where it has none. What a person is asked about, else as it stands. */
async function diffOfCheckout(
  project: Project,
  view: JobView,
  baseCommit: string,
  call: CallOptions,
): Promise<string | null> {
  for await (const { key } of project.workspaces.list(call)) {
    if (key.job !== view.id || key.attempt !== view.attempt || key.role !== 'work') continue;
    const workspace = await openAt(project, key, baseCommit, call);
    return workspace.diff(view.askedTree ?? (await workspace.snapshot(call)).tree, call);
  }
  return null;
}

/** What was handed in, from the remote, by a checkout that goes again. */
async function diffOfBranch(
  session: Records,
  project: Project,
  view: JobView & { readonly head: string },
  baseCommit: string,
  call: CallOptions,
): Promise<string> {
  const { forge, workspaces } = project;
  const repository = forge.repository;
  await workspaces.fetch({ repository, remote: await forge.remote(call), branch: view.branch }, call);
  const key = { job: session.world.runtime.id('view'), attempt: 1, role: 'verify' } as const;
  try {
    return await (await openAt(project, key, baseCommit, call)).diff(view.head, call);
  } finally {
    await workspaces.remove(key);
  }
}

/**
 * The diff of a job's work against its base: as it stands in the job's checkout, or as it was handed in. Where
 * neither can be had, or a checkout would first have to be set up, an error whose fix is the git command that
 * shows the same.
 */
export async function loadJobDiff(session: Records, job: Job, signal: AbortSignal): Promise<string> {
  const call = { signal };
  const view = viewJob(job);
  const { head, base } = view;
  const project = (await session.projects()).find(({ name }) => name === job.project);
  const nothing = (fix: string): CommandError =>
    new CommandError(`There is no diff of ${job.id} to show here.`, { code: 'NOT_FOUND', exit: 'notFound', fix });
  if (project === undefined) throw nothing(`put the project ${job.project} back into the configuration`);
  if (base === null) throw nothing('wait until the job was worked');
  const standing = head === null || !isEnded(job.phase) ? await diffOfCheckout(project, view, base.commit, call) : null;
  if (standing !== null) return standing;
  if (head === null) throw nothing(`run baton rescue restore ${job.id} to see what was kept`);
  const configured = session.config.projects.find(({ name }) => name === job.project);
  if (configured?.workspace.settings['setup'] === undefined) {
    return diffOfBranch(session, project, { ...view, head }, base.commit, call);
  }
  const { url } = await project.forge.remote(call);
  const ref = `refs/heads/${view.branch}`;
  throw nothing(
    `in a clone run: git fetch ${escapeLine(url)} ${escapeLine(ref)} && git diff ${base.commit} FETCH_HEAD`,
  );
}
