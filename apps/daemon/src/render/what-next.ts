import type { JobPhase, WaitReason } from '@baton/core';
import type { JobView, PersonsWord } from '@baton/engine';
import { quoteSeen } from '../jobs/what-was-seen.js';

type Advise = (view: JobView) => readonly string[];

const follow: Advise = ({ id }) => [`baton logs ${id} -f`, `baton cancel ${id}`];

const byWord: Readonly<Record<PersonsWord, Advise>> = {
  yes: ({ id, asked }) => {
    const seen = asked === null ? '' : ` --seen ${quoteSeen(asked)}`;
    const decide = [`baton approve ${id}${seen}`, `baton reject ${id}`];
    // What an agent is told ends no wait for a text that it may not read yet.
    return asked?.kind === 'text' ? decide : [`baton steer ${id} -m "…"`, ...decide, `baton show ${id} --diff`];
  },
  answer: ({ id }) => [`baton steer ${id} -m "…"`, `baton reject ${id}`, `baton show ${id} --diff`],
  mend: ({ id }) => ['mend it on the base branch', `then baton approve ${id}`, `baton reject ${id}`],
  retry: ({ id }) => [`baton approve ${id}`, `baton steer ${id} -m "…"`, `baton reject ${id}`],
};

const answer: Advise = (view) => (view.wants === null ? follow : byWord[view.wants])(view);

const tryAgain: Advise = ({ id, head, rescued }) => [
  `baton retry ${id}`,
  ...(head === null ? [] : [`baton show ${id} --diff`]),
  ...(rescued.length > 0 ? [`baton rescue restore ${id}`] : []),
];

const byWait: Readonly<Record<WaitReason, Advise>> = {
  retry: follow,
  'usage-limit': follow,
  'needs-person': answer,
  budget: follow,
  paused: follow,
  blocked: follow,
  unavailable: follow,
};

const byPhase: Readonly<Record<JobPhase, Advise>> = {
  queued: follow,
  claiming: follow,
  preparing: follow,
  baseline: follow,
  working: follow,
  verifying: follow,
  publishing: follow,
  reviewing: ({ id }) => [`baton show ${id} --diff`, 'review the pull request'],
  settling: follow,
  waiting: (view) => (view.wait === null ? follow : byWait[view.wait])(view),
  done: ({ id }) => [`baton audit ${id}`],
  failed: tryAgain,
  cancelled: tryAgain,
};

/** What a person can do about a job as it stands: commands to be copied, and deeds, one each. */
export function whatNext(view: JobView): readonly string[] {
  return byPhase[view.phase](view);
}
