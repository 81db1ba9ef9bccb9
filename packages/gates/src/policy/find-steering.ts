import type { Change } from '@baton/core';
import { touchedPaths } from '../diff/change-paths.js';
import type { ChangedManifest } from '../manifests/changed-manifests.js';
import type { ProtectedKind } from '../protected/kinds/protected-kind.js';
import type { KindsOfPath } from '../protected/kinds-of-path.js';
import { type ProtectedKindName, protectedKinds } from '../protected/protected-kinds.js';

/** Files of a change by which checks may be steered. */
export interface Steering {
  /** Paths that the base's versions can be put in the place of; of a moved file both. */
  readonly steers: readonly string[];
  /** Paths that go with what is installed: the base's versions beside the change's code would show nothing. */
  readonly installed: readonly string[];
}

/** Tells them by path, and where a manifest holds many kinds of settings, by what of it differs. `kindsOf` null: none. */
export function findSteering(
  changes: readonly Change[],
  kindsOf: KindsOfPath | null,
  manifests: readonly ChangedManifest[],
): Steering {
  const steers = new Set<string>();
  const installed = new Set<string>();
  if (kindsOf === null) return { steers: [], installed: [] };
  const contents = Map.groupBy(manifests, ({ path }) => path);
  for (const change of changes) {
    const paths = touchedPaths([change]);
    const links = change.alsoAt ?? [];
    const is = (way: ProtectedKind['steersChecks'], among: readonly string[]): boolean =>
      among.some((each) => wayOf(kindsOf(each), contents.get(each) ?? []) === way);
    // Whatever a file was moved to, it is missed where it was.
    const isSteering = is('by-file', [...paths, ...links]);
    for (const each of paths) {
      if (isSteering) steers.add(each);
      else if (is('by-setup', [each, ...links])) installed.add(each);
    }
  }
  return { steers: [...steers], installed: [...installed] };
}

function wayOf(
  kinds: readonly ProtectedKindName[],
  contents: readonly ChangedManifest[],
): ProtectedKind['steersChecks'] {
  const ofContent = (kinds.length === 0 ? contents : []).flatMap(({ settings }) =>
    // What can't be read may hold anything.
    settings === null ? (['by-setup'] as const) : settings.map((each) => protectedKinds[each.kind].steersChecks),
  );
  const ways = [...kinds.map((kind) => protectedKinds[kind].steersChecks), ...ofContent];
  // One file can't be put back for the one setting and left for the other.
  return (['by-setup', 'by-file'] as const).find((way) => ways.includes(way)) ?? 'no';
}
