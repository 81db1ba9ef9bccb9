import { z } from 'zod';
import type { ProbeResult } from './change-probes.js';

/** A repository by its name. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

const lookShape = z.looseObject({
  issues: z.looseObject({
    totalCount: z.number(),
    nodes: z.array(z.looseObject({ number: z.number(), updatedAt: z.string() })),
  }),
});

/**
 * Whatever is done to an issue, and whatever is said below it, makes it the one that was updated last; what is
 * closed, reopened, transferred or deleted changes the count or the first as well. Up to a hundred repositories
 * cost one point: a point is a hundred connections. Validated against GitHub's own schema by a test.
 */
export function changeProbeQuery(repositories: readonly RepositoryName[]): string {
  const asked = repositories.map(
    ({ owner, name }, index) =>
      `${aliasOf(index)}: repository(owner: ${JSON.stringify(owner)}, name: ${JSON.stringify(name)}) { ...look }`,
  );
  return `query WhichRepositoriesChanged {
  ${asked.join('\n  ')}
}
fragment look on Repository {
  issues(first: 1, states: OPEN, orderBy: { field: UPDATED_AT, direction: DESC }) {
    totalCount
    nodes { number updatedAt }
  }
}`;
}

/** The look at the repository that stood at this place of the query. Null where it tells nothing. */
export function readChangeProbe(answer: Readonly<Record<string, unknown>>, index: number): ProbeResult | null {
  const parsed = lookShape.safeParse(answer[aliasOf(index)]);
  if (!parsed.success) return null;
  const { totalCount, nodes } = parsed.data.issues;
  const [newest] = nodes;
  if (newest === undefined) return totalCount === 0 ? { fingerprint: 'none' } : null;
  return { fingerprint: `${totalCount} ${newest.number} ${newest.updatedAt}` };
}

function aliasOf(index: number): string {
  return `r${index}`;
}
