import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import { canonicalPath } from '../text/canonical-path.js';
import { type KeyKind, type ManifestRules, manifestRules } from './manifest-rules.js';
import type { ProtectedKindName } from './protected-kinds.js';

const table = z.looseObject({});

type Settings = Readonly<Record<string, unknown>>;

/** A setting of a manifest that steers more than the code beside it. */
export interface ManifestSetting {
  readonly kind: ProtectedKindName;
  /** As people write it, e.g. `scripts.test`. */
  readonly key: string;
}

/** How a file's content is compared, or null where it is no manifest. */
export function rulesOf(path: string): ManifestRules | null {
  const name = canonicalPath(path).split('/').at(-1) ?? '';
  return (Object.hasOwn(manifestRules, name) ? manifestRules[name] : undefined) ?? null;
}

/** In characters. Ten times as much takes a parser most of a minute, in which the daemon does nothing else. */
const longestManifest = 512 * 1024;

/**
 * What of a manifest steers something and differs between two texts of it; an empty text has no settings. Null
 * where one of them can't be read, or is far longer than manifests are.
 */
export function compareManifest(rules: ManifestRules, before: string, now: string): readonly ManifestSetting[] | null {
  if (Math.max(before.length, now.length) > longestManifest) return null;
  try {
    const [left, right] = [flatten(rules, before), flatten(rules, now)];
    return [...new Set([...left.keys(), ...right.keys()])].flatMap((place) => {
      if (left.get(place) === right.get(place)) return [];
      const key: readonly string[] = JSON.parse(place);
      const kind = kindOf(rules, key);
      return kind === null ? [] : [{ kind, key: key.join('.') }];
    });
  } catch {
    return null;
  }
}

function kindOf({ keys }: ManifestRules, key: readonly string[]): KeyKind {
  for (let length = key.length; length > 0; length -= 1) {
    const known = key.slice(0, length).join('.');
    if (Object.hasOwn(keys, known)) return keys[known] ?? null;
  }
  return keys['*'] ?? null;
}

/** What each setting is, by its place: the order of keys is no difference, and neither is how a text is laid out. */
function flatten({ format, depth }: ManifestRules, text: string): ReadonlyMap<string, string> {
  const plain = text.replace(/^\uFEFF/, '');
  if (plain.trim() === '') return new Map();
  const root: Settings = table.parse(format === 'json' ? JSON.parse(plain) : parseToml(plain));
  const entries = new Map<string, string>();
  const walk = (settings: Settings, place: readonly string[]): void => {
    for (const [key, value] of Object.entries(settings)) {
      const here = [...place, key];
      const inner = here.length < depth ? asTable(value) : null;
      if (inner === null || Object.keys(inner).length === 0) entries.set(JSON.stringify(here), serialise(value));
      else walk(inner, here);
    }
  };
  walk(root, []);
  return entries;
}

function asTable(value: unknown): Settings | null {
  if (Array.isArray(value) || value instanceof Date) return null;
  const read = table.safeParse(value);
  return read.success ? read.data : null;
}

function serialise(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    const inner = asTable(each);
    return inner === null ? each : Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
