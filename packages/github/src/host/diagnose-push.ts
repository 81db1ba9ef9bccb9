import { startDeadline } from '@baton/adapter-kit';
import type { CallOptions } from '@baton/core';
import { BatonError } from '@baton/core';
import { adapterId, mapError, tooLate } from './map-error.js';
import type { Repository } from './repository.js';

const timeoutMs = 30_000;

/**
 * Whether git may push: asks what `git push` asks before it sends anything, and sends nothing.
 * https://git-scm.com/docs/http-protocol#_smart_clients
 */
export async function canPush(repository: Repository, cloneUrl: string, options?: CallOptions): Promise<boolean> {
  const { clock } = repository;
  const what = `ask whether ${repository.fullName} can be pushed to`;
  const password = await repository.client.gitPassword({ ...options, what });
  const authorization = `Basic ${Buffer.from(`x-access-token:${password}`).toString('base64')}`;
  using deadline = startDeadline(clock, timeoutMs, { reason: () => tooLate(timeoutMs), signal: options?.signal });
  try {
    const response = await fetch(`${cloneUrl}/info/refs?service=git-receive-pack`, {
      headers: { authorization },
      redirect: 'error',
      signal: deadline.signal,
    });
    await response.body?.cancel();
    if (response.ok) return true;
    if ([401, 403, 404].includes(response.status)) return false;
    const message = `GitHub answered ${response.status} to the request to ${what}.`;
    throw new BatonError('UNAVAILABLE', message, { adapter: adapterId, details: { status: response.status } });
  } catch (error) {
    options?.signal?.throwIfAborted();
    throw mapError(error, what, 0);
  }
}
