import type { JsonValue } from '@baton/core';
import type { z } from 'zod';
import { closest } from './closest.js';
import type { ConfigDocument } from './config-document.js';
import { type ConfigProblem, formatKeyPath, type KeyPath } from './config-problem.js';
import { knownKeys, schemaAt } from './known-keys.js';

type Issue = z.core.$ZodIssue;

const asKeyPath = (path: readonly PropertyKey[]): KeyPath =>
  path.map((key) => (typeof key === 'number' ? key : String(key)));

const nameOf = (value: unknown): string =>
  value === null
    ? 'nothing'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'keys'
        : `a ${typeof value}`;

const expectations: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
};

function valueAt(document: ConfigDocument, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    document.value,
  );
}

/** `(is "later")`, unless the value came from the environment: it may be a secret. */
function found(document: ConfigDocument, path: KeyPath): string {
  const value = valueAt(document, path);
  const [variable] = document.variables(path);
  if (variable !== undefined) return `, found the value of ${variable}`;
  if (typeof value === 'string')
    return `, found ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
  if (typeof value === 'number' || typeof value === 'boolean') return `, found ${value}`;
  return `, found ${nameOf(value)}`;
}

function unknownKeys(
  issue: Issue & { readonly code: 'unrecognized_keys' },
  schema: JsonValue,
  document: ConfigDocument,
) {
  const path = asKeyPath(issue.path);
  const known = knownKeys(schema, path);
  return issue.keys.map((key): { readonly problem: ConfigProblem; readonly meantPath: string | null } => {
    const meant = closest(key, known);
    const place = document.place([...path, key], 'key');
    const problem = {
      file: document.file,
      line: place?.line ?? null,
      column: place?.column ?? null,
      path: formatKeyPath([...path, key]),
      message: meant === null ? 'unknown key' : `unknown key; did you mean ${meant}?`,
      fix:
        meant === null
          ? `remove it, or use one of ${known.join(', ')} (keys that begin with x- are left alone)`
          : `write ${meant} in place of ${key}`,
    };
    return { problem, meantPath: meant === null ? null : formatKeyPath([...path, meant]) };
  });
}

function expected(issue: Issue, schema: JsonValue, document: ConfigDocument): { message: string; fix: string } {
  const path = asKeyPath(issue.path);
  const value = valueAt(document, path);
  const description = schemaAt(schema, path)?.['description'];
  const about = typeof description === 'string' ? ` (${description})` : '';
  if (value === undefined) {
    return { message: 'is missing', fix: `add ${formatKeyPath(path.slice(-1))}${about}` };
  }
  if (issue.code === 'invalid_type') {
    const kind = expectations[issue.expected] ?? issue.expected;
    return { message: `expected ${kind}${found(document, path)}`, fix: `write ${kind} here${about}` };
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const meant = typeof value === 'string' ? closest(value, values) : null;
    const choice = values.length === 1 ? values.join('') : `one of ${values.join(', ')}`;
    return {
      message: `expected ${choice}${found(document, path)}${meant === null ? '' : `; did you mean ${meant}?`}`,
      fix: `write ${meant ?? choice}`,
    };
  }
  if (issue.code === 'too_small') {
    const least = Number(issue.minimum);
    const what =
      issue.origin === 'array'
        ? `at least ${least} ${least === 1 ? 'entry' : 'entries'}`
        : issue.origin === 'string'
          ? 'some text'
          : `a number ${issue.inclusive === false ? 'above' : 'of at least'} ${least}`;
    return {
      message: `expected ${what}${issue.origin === 'array' ? '' : found(document, path)}`,
      fix: `write ${what}${about}`,
    };
  }
  if (issue.code === 'too_big') {
    return {
      message: `expected at most ${issue.maximum}${found(document, path)}`,
      fix: `write at most ${issue.maximum}`,
    };
  }
  if (issue.message.startsWith('expected')) {
    return { message: `${issue.message}${found(document, path)}`, fix: issue.message.replace(/^expected/, 'write') };
  }
  return { message: `isn't valid: ${issue.message}${found(document, path)}`, fix: `mend the value${about}` };
}

/** Where one word or keys may stand, what is wrong with the one that was written is told. */
function chosenOfUnion(issue: Issue, document: ConfigDocument): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const value = valueAt(document, asKeyPath(issue.path));
  const isMeant = ({ code, path }: Issue): boolean =>
    typeof value === 'object' ? path.length > 0 || code === 'unrecognized_keys' : code === 'invalid_value';
  const chosen = issue.errors.find((inner) => inner.every(isMeant));
  return chosen === undefined ? [issue] : chosen.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
}

/** What zod found, in words and with places. */
export function describeIssues(
  found: readonly Issue[],
  schema: JsonValue,
  document: ConfigDocument,
): readonly ConfigProblem[] {
  const issues = found.flatMap((issue) => chosenOfUnion(issue, document));
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownKeys(issue, schema, document) : [],
  );
  // A key that was only misspelt isn't missing as well.
  const misspelt = new Set(unknown.flatMap(({ meantPath }) => meantPath ?? []));
  const others = issues.flatMap((issue): readonly ConfigProblem[] => {
    if (issue.code === 'unrecognized_keys') return [];
    const path = asKeyPath(issue.path);
    if (valueAt(document, path) === undefined && misspelt.has(formatKeyPath(path))) return [];
    const place = document.place(path);
    const at = { line: place?.line ?? null, column: place?.column ?? null };
    return [{ file: document.file, ...at, path: formatKeyPath(path), ...expected(issue, schema, document) }];
  });
  return [...unknown.map(({ problem }) => problem), ...others];
}
