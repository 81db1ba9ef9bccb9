import { BatonError } from '@baton/core';
import { z } from 'zod';
import { adapterId, misshapen, quote } from './map-error.js';

const shape = z.looseObject({
  data: z.unknown().optional(),
  errors: z.array(z.looseObject({ type: z.string().nullish(), message: z.string().nullish() })).nullish(),
});

/** What a GraphQL answer held. Throws on errors other than "not found", which is null in the data, and "too often". */
export function readGraphql(
  answer: unknown,
  what: string,
  conceal: (text: string) => string,
): { readonly data: unknown; readonly isLimited: boolean } {
  const parsed = shape.safeParse(answer);
  if (!parsed.success) throw misshapen(what, 'no GraphQL answer');
  const { data, errors } = parsed.data;
  const bad = (errors ?? []).filter(({ type }) => type !== 'NOT_FOUND');
  const [first] = bad;
  if (first === undefined) return { data, isLimited: false };
  if (bad.some(({ type }) => type === 'RATE_LIMITED' || type === 'RATE_LIMIT')) return { data, isLimited: true };
  const said = conceal(first.message ?? 'no reason given');
  const message = `GitHub answered the request to ${what}: ${quote(said)}`;
  if (first.type === 'FORBIDDEN' || first.type === 'INSUFFICIENT_SCOPES') {
    throw new BatonError('PERMISSION_DENIED', message, {
      adapter: adapterId,
      details: { resource: what },
      fix: 'give the token read access to contents, issues, checks and pull requests of the repository',
    });
  }
  // GitHub gives its own failures and time-outs no type.
  if (!first.type || first.type === 'SERVICE_UNAVAILABLE' || first.type === 'INTERNAL') {
    throw new BatonError('UNAVAILABLE', message, { adapter: adapterId, details: {} });
  }
  throw misshapen(what, `${first.type}: ${said}`);
}
