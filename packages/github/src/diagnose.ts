import type { CallOptions, Diagnosis } from '@baton/core';
import { BatonError } from '@baton/core';
import { z } from 'zod';
import type { Repository } from './repository.js';

const shape = z.looseObject({
  archived: z.boolean().nullish(),
  has_issues: z.boolean().nullish(),
  permissions: z.looseObject({ push: z.boolean().nullish() }).nullish(),
});

/** Whether the credentials are good, the repository can be seen and written, and what quota is left. */
export async function* diagnose(
  repository: Repository,
  parts: readonly ('issues' | 'pull requests')[],
  options?: CallOptions,
): AsyncIterable<Diagnosis> {
  const { client, at, fullName } = repository;
  try {
    const { login } = await repository.self({ ...options });
    yield { check: 'credentials', ok: true, detail: `GitHub knows us as ${login}.`, fix: null };
    const call = { ...options, what: `read the repository ${fullName}` };
    const found = await client.get('GET /repos/{owner}/{repo}', at, shape, call);
    if (!found) {
      const fix = 'check the name, and that the token or App has access to it';
      yield { check: 'repository', ok: false, detail: `${fullName} isn't there, or can't be seen.`, fix };
      return;
    }
    const canWrite = found.permissions?.push !== false && found.archived !== true;
    yield {
      check: 'repository',
      ok: canWrite,
      detail: canWrite
        ? `${fullName} can be written.`
        : `${fullName} can't be written${found.archived ? ': it is archived' : ''}.`,
      fix: canWrite ? null : 'give the token write access to contents, issues and pull requests',
    };
    if (parts.includes('issues') && found.has_issues === false) {
      const fix = 'switch issues on in the settings of the repository';
      yield { check: 'issues', ok: false, detail: `${fullName} has its issues switched off.`, fix };
    }
    const { quotas } = client.gateway.usage();
    const left = Object.entries(quotas).map(([name, { remaining, limit }]) => `${name} ${remaining} of ${limit}`);
    if (left.length > 0) yield { check: 'quota', ok: true, detail: `Left this hour: ${left.join(', ')}.`, fix: null };
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (!BatonError.is(error)) throw error;
    yield { check: 'access', ok: false, detail: error.message, fix: error.fix ?? 'check the settings of github' };
  }
}
