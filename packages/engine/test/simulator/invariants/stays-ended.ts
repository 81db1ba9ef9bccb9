import { isEnded, type Job } from '@baton/core';
import { foldedJob } from '../../../src/job/job-data.js';
import type { FactOf } from '../facts.js';
import type { Host } from '../host/host.js';
import { hostOf } from '../host/jobs.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';
import { entriesOf } from './journals.js';

export const staysEnded: Invariant = {
  promise:
    'An ended job stays ended, and another one is begun only where a person asks again; what failed, or came to no change, is not paid for again because its store was lost.',
  watch(world) {
    /** At which step the newest job of an issue came to its end. */
    const endedAt = new Map<string, number>();
    /** At which step an issue was told of an end that its label shows, by any daemon. */
    const toldAt = new Map<string, number>();
    const keyOf = (host: Host, issue: string): string => `${host.name} ${issue}`;
    const wasAsked = (host: Host, issue: string, since: number): boolean =>
      world.facts('asked').some((each) => each.host === host && each.issue === issue && each.step >= since);
    const storeKeyOf = (job: Job, installation: World['installations'][number]): string =>
      `${world.installations.indexOf(installation)} ${keyOf(hostOf(world, job), job.issueKey)}`;
    return {
      turn({ host, issueKey, job, daemon }) {
        // Where it was asked for again, every store that has seen an end of its own goes by what people ask.
        const isLater = [...daemon.installation.jobs.values()].some(
          (other) => other.id !== job && other.issueKey === issueKey && hostOf(world, other) === host,
        );
        if (isLater) return null;
        // A pull request that stands is looked after, whatever a daemon on another store came to beside it.
        const known = daemon.installation.jobs.get(job);
        if (known && foldedJob(known).data.pullRequest !== null) return null;
        // Where no claim could be told, two stores are at an issue at once, and the one's label takes the other's place.
        const wasUntold = ({ method, code }: FactOf<'failed-call'>): boolean =>
          method === 'claimRef' && code === 'PERMISSION_DENIED';
        if (world.facts('failed-call').some(wasUntold)) return null;
        const since = toldAt.get(keyOf(host, issueKey));
        if (since === undefined || world.facts('store-lost').length === 0 || wasAsked(host, issueKey, since))
          return null;
        return `${issueKey} of ${host.name} is worked again after its end, because a store was lost.`;
      },
      job(event) {
        const { kind, job, installation } = event;
        const key = storeKeyOf(job, installation);
        const host = hostOf(world, job);
        if (kind === 'recorded') {
          if (isEnded(event.before.phase)) return `Job ${job.id} went on after its end.`;
          if (job.phase === 'settling' || isEnded(job.phase)) {
            if (!endedAt.has(key)) endedAt.set(key, world.step);
          }
          const isTold = entriesOf(event.change).some((entry) => entry.type === 'settled' && entry.data.ok);
          // One that never began was not paid for.
          const wasBegun = foldedJob(job).data.brief !== null;
          if (job.phase !== 'cancelled' && isTold && wasBegun) toldAt.set(keyOf(host, job.issueKey), world.step);
        }
        if (kind !== 'enqueued') return null;
        const since = endedAt.get(key);
        endedAt.delete(key);
        if (since === undefined || world.facts('store-lost').length > 0) return null;
        return wasAsked(host, job.issueKey, since)
          ? null
          : `${job.issueKey} of ${host.name} is worked again, and nobody asked.`;
      },
    };
  },
};
