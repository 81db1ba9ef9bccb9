/**
 * What the cases of a contract call things, and what they are called on a host where others were before and come after:
 * branches, the label that hands over, and accounts.
 */
export interface ScopedNames {
  /** A value that an adapter is called with, or that people write. */
  toHost<T>(value: T): T;
  /** A value that came from the host. */
  fromHost<T>(value: T): T;
  branch(name: string): string;
  label(name: string): string;
}

/** How names are told apart. */
export interface ScopedNamesOptions {
  /** Letters, digits and dashes; of one case of one run. */
  readonly scope: string;
  readonly defaultBranch: string;
  /** Logins on the host by those of the cases. */
  readonly people: ReadonlyMap<string, string>;
}

const handingOver = 'baton';
const branchFields: ReadonlySet<string> = new Set(['head', 'base', 'branch']);
const labelFields: ReadonlySet<string> = new Set(['labels', 'excludeLabels', 'add', 'remove', 'name']);

/** Names of one case. */
export function createScopedNames({ scope, defaultBranch, people }: ScopedNamesOptions): ScopedNames {
  const prefix = `baton-suite/${scope}/`;
  const label = `baton-${scope}`;
  const there = (name: string, value: string): string => {
    if (branchFields.has(name)) return value === defaultBranch ? value : `${prefix}${value}`;
    if (labelFields.has(name)) return value === handingOver ? label : value;
    // A reference that stands by itself may be one to an account.
    return name === 'login' || name === '' ? (people.get(value) ?? value) : value;
  };
  const here = (name: string, value: string): string => {
    if (branchFields.has(name)) return value.startsWith(prefix) ? value.slice(prefix.length) : value;
    if (labelFields.has(name)) return value === label ? handingOver : value;
    if (name !== 'login') return value;
    for (const [alias, login] of people) if (login.toLowerCase() === value.toLowerCase()) return alias;
    return value;
  };
  return {
    toHost: (value) => translate(value, there),
    fromHost: (value) => translate(value, here),
    branch: (name) => there('branch', name),
    label: (name) => there('labels', name),
  };
}

/** Every text of a value, by the field that it stands in, or that the list stands in which it is of. */
function translate<T>(value: T, by: (name: string, text: string) => string): T {
  const walk = (each: unknown, name: string): unknown => {
    if (typeof each === 'string') return by(name, each);
    if (Array.isArray(each)) return each.map((item) => walk(item, name));
    if (typeof each !== 'object' || each === null || each instanceof AbortSignal) return each;
    return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, walk(item, key)]));
  };
  // The same shape, with other texts in it.
  return walk(value, '') as T;
}
