import type { Job } from '@baton/core';
import type { JobDiff } from '@baton/engine';
import { escapeLine } from '../text/escape-control.js';
import { CommandError } from '../verb/command-error.js';
import type { Records } from '../wire/open-records.js';

/** Where there is no diff to show, the command that shows the same, or what has to come first. */
function fixOf(diff: Exclude<JobDiff, { readonly kind: 'diff' }>, { id, project }: Job): string {
  switch (diff.kind) {
    case 'no-project':
      return `put the project ${project} back into the configuration`;
    case 'under-way':
      return `wait until its agent has come to an end: baton wait ${id}`;
    case 'not-begun':
      return 'wait until the job was worked';
    case 'put-away':
      return `run baton rescue restore ${id} to see what was kept`;
    case 'on-branch':
      return `in a clone run: git fetch ${escapeLine(diff.url)} ${escapeLine(diff.ref)} && git diff ${diff.base} FETCH_HEAD`;
  }
}

/** The diff of a job. An error says what to do where there is none, or where a checkout would first have to be set up. */
export async function loadJobDiff(session: Records, job: Job, signal: AbortSignal): Promise<string> {
  const configured = session.config.projects.find(({ name }) => name === job.project);
  const mayOpen = configured?.workspace.settings['setup'] === undefined;
  const diff = await (await session.baton()).diff(job.id, { mayOpen, signal });
  if (diff.kind === 'diff') return diff.text;
  throw new CommandError(`There is no diff of ${job.id} to show here.`, {
    code: 'NOT_FOUND',
    exit: 'notFound',
    fix: fixOf(diff, job),
  });
}
