import { isEnded } from '@baton/core';
import type { Host } from '../host/host.js';
import { hostOf } from '../host/jobs.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';
import { entriesOf } from './journals.js';

/** More than a daemon needs from its last look to what it does on it, be it frozen and answered late. */
const longestSinceLookMs = 20 * 60_000;

export const choicesStand: Invariant = {
  promise:
    "A person's choice stands: what is closed or taken back is not worked, what is merged is not handed in again, and what people set on a pull request stays, and what is not to be published is not pushed before a person approves.",
  watch(world) {
    /** Jobs that are not to be published, by id, and since which step. */
    const kept = new Map<string, number>();
    return {
      job(event) {
        if (event.kind !== 'recorded') return null;
        for (const entry of entriesOf(event.change)) {
          if (entry.type !== 'signalled') continue;
          const { type, publish } = entry.data;
          if (publish === false) kept.set(event.job.id, world.step);
          else if (publish === true || type === 'approve') kept.delete(event.job.id);
        }
        return null;
      },
      turn({ host, issueKey }) {
        return isLongUnwanted(world, host, issueKey)
          ? `A turn was begun for ${issueKey} of ${host.name}, which nobody wants.`
          : null;
      },
      answered({ daemon, call, args, begunAt }) {
        if (call.method !== 'push') return null;
        // What `Workspace.push` is asked for.
        const { commit, branch } = args[0] as { readonly commit: string; readonly branch: string };
        const host = world.hosts.find(({ name }) => name === call.host);
        const unasked = [...daemon.installation.jobs.values()].find(
          (job) =>
            (kept.get(job.id) ?? begunAt) < begunAt &&
            !isEnded(job.phase) &&
            job.branch === branch &&
            hostOf(world, job) === host,
        );
        if (unasked) return `Job ${unasked.id} was not to be published, and is pushed to ${branch}.`;
        const isKnown = world
          .facts('merged')
          .some((each) => each.host === host && each.branch === branch && each.step < begunAt);
        if (!isKnown) return null;
        const pulls = host?.forge.pulls().map(({ pullRequest }) => pullRequest) ?? [];
        const merged = pulls.find(
          ({ head, headCommit, state }) => head === branch && headCommit === commit && state.unified === 'merged',
        );
        return merged ? `What was merged from ${branch} is pushed there again.` : null;
      },
      rest() {
        for (const { number, base, title, host } of world.hosts.flatMap(pullsOf)) {
          const isOf = (each: { readonly host: Host; readonly pull: number }): boolean =>
            each.host === host && each.pull === number;
          const retargeted = world.facts('retargeted').findLast(isOf);
          if (retargeted && retargeted.base !== base)
            return `Pull request ${number} of ${host.name} is aimed at ${base} again.`;
          const retitled = world.facts('retitled').findLast(isOf);
          if (retitled && retitled.title !== title) return `Pull request ${number} of ${host.name} has lost its title.`;
        }
        return null;
      },
    };
  },
};

function pullsOf(host: Host) {
  return host.forge.pulls().map(({ title, pullRequest: { number, base } }) => ({ host, title, number, base }));
}

function isLongUnwanted(world: World, host: Host, issue: string): boolean {
  const isOf = (each: { readonly host: Host; readonly issue: string }): boolean =>
    each.host === host && each.issue === issue;
  const unwanted = world.facts('unwanted').findLast(isOf);
  const wanted = world.facts('wanted-again').findLast(isOf);
  if (!unwanted || (wanted && wanted.step >= unwanted.step)) return false;
  return world.clock.monotonic() - unwanted.at > longestSinceLookMs;
}
