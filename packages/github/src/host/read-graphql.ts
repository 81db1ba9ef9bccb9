import { BatonError } from '@baton/core';
import { z } from 'zod';
import { adapterId, misshapen, quote } from './map-error.js';

const errorShape = z.looseObject({
  type: z.string().nullish(),
  message: z.string().nullish(),
  path: z.array(z.unknown()).nullish(),
});
const shape = z.looseObject({
  data: z.unknown().optional(),
  errors: z.array(errorShape).nullish(),
});

/** Fields that may fail and are null in the data then: of any kind, or those of a name that we may not read. */
export type GraphqlParts = 'all' | readonly string[];

/** How an answer is read. */
export interface GraphqlReading {
  readonly what: string;
  readonly takesParts?: GraphqlParts;
  readonly conceal: (text: string) => string;
}

/** What a GraphQL answer held. Throws on errors other than those that are null in the data, and "too often". */
export function readGraphql(
  answer: unknown,
  { what, takesParts = [], conceal }: GraphqlReading,
): { readonly data: unknown; readonly isLimited: boolean } {
  const parsed = shape.safeParse(answer);
  if (!parsed.success) throw misshapen(what, 'no GraphQL answer');
  const { data, errors } = parsed.data;
  const isPart = ({ type, path }: z.infer<typeof errorShape>): boolean => {
    if (data === null || data === undefined || !path || path.length === 0) return false;
    return takesParts === 'all' || (type === 'FORBIDDEN' && takesParts.some((name) => path.includes(name)));
  };
  const bad = (errors ?? []).filter((each) => each.type !== 'NOT_FOUND' && !isPart(each));
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
  throw misshapen(what, `${conceal(first.type)}: ${said}`);
}
