import type { CallOptions, Diagnosis } from '@baton/core';
import { BatonError } from '@baton/core';
import { describeHeadless } from './describe-headless.js';
import type { ListRemoteHeads } from './remote-heads.js';

/** Whether the remote can be reached, has a first commit, and takes branches under `baton/`. */
export async function* diagnoseRemote(
  remote: string,
  heads: ListRemoteHeads,
  options?: CallOptions,
): AsyncIterable<Diagnosis> {
  try {
    const found = await heads('all', options);
    const { defaultBranch, branches } = found;
    const missing = defaultBranch === null ? await describeHeadless(remote, found) : null;
    yield {
      check: 'remote',
      ok: missing === null,
      detail: missing?.detail ?? `${remote} answers; its default branch is ${defaultBranch}.`,
      fix: missing?.fix ?? null,
    };
    if (!branches.has('baton')) return;
    yield {
      check: 'branch names',
      ok: false,
      detail: 'A branch named baton is in the way of every branch baton/….',
      fix: 'rename the branch baton on the remote',
    };
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (!BatonError.is(error)) throw error;
    yield { check: 'remote', ok: false, detail: error.message, fix: error.fix ?? 'check the setting remote' };
  }
}
