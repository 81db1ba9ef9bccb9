import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';

/** Keys of `package.json` that say how the package is tested, beside its scripts. */
const packageKeys = ['scripts', 'jest', 'mocha', 'ava', 'nyc', 'c8', 'tap', 'vitest', 'playwright', 'workspaces'];
/** Tools whose section of `pyproject.toml` says how the project is tested. */
const pythonTools = ['pytest', 'tox', 'nox', 'coverage', 'hatch', 'pdm', 'poe', 'taskipy'];

const table = z.looseObject({});
const project = z.looseObject({ tool: table.optional() });

/** Whether a file's content is compared, instead of any change of it counting. */
export function isManifest(path: string): boolean {
  return /(?:^|\/)(?:package\.json|pyproject\.toml)$/.test(path);
}

/**
 * What of a manifest steers checks and differs between its base and its result, e.g. `scripts.test`. Null
 * where one of them can't be read.
 */
export function compareManifest(path: string, before: string, now: string): readonly string[] | null {
  try {
    const read = path.endsWith('package.json') ? readPackage : readProject;
    const [left, right] = [flatten(read(before)), flatten(read(now))];
    return [...new Set([...left.keys(), ...right.keys()])].filter((key) => left.get(key) !== right.get(key));
  } catch {
    return null;
  }
}

type Settings = Readonly<Record<string, unknown>>;

function readPackage(text: string): Settings {
  const manifest: Settings = table.parse(JSON.parse(text));
  return pick(manifest, packageKeys);
}

function readProject(text: string): Settings {
  return pick(project.parse(parseToml(text)).tool ?? {}, pythonTools);
}

function pick(from: Settings, keys: readonly string[]): Settings {
  return Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(from, key) ? [[key, from[key]]] : [])));
}

/** One line per entry of each section, so that a script can be named; the order of keys is no difference. */
function flatten(settings: Settings): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const [section, value] of Object.entries(settings)) {
    const inner = table.safeParse(value);
    if (!inner.success || Array.isArray(value)) entries.set(section, serialise(value));
    else for (const [key, each] of Object.entries(inner.data)) entries.set(`${section}.${key}`, serialise(each));
  }
  return entries;
}

function serialise(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each: unknown) => {
      if (typeof each === 'bigint') return String(each);
      const inner = Array.isArray(each) || each instanceof Date ? null : table.safeParse(each);
      return inner?.success
        ? Object.fromEntries(Object.entries(inner.data).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each;
    }) ?? ''
  );
}
