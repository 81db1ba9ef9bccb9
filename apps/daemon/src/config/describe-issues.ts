import type { JsonValue } from '@baton/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod';
import { cutText } from '../text/cut-text.js';
import { closest } from './closest.js';
import type { ConfigDocument } from './config-document.js';
import { type ConfigProblem, formatKeyPath, type KeyPath } from './config-problem.js';
import { knownKeys, schemaAt } from './known-keys.js';
import { problemAt } from './problem-at.js';
import { isSecretName, looksSecret, maskAddress } from './secret-value.js';

type Issue = z.core.$ZodIssue;

/** Where the schema stands that values were checked by. */
export interface SchemaPlace {
  readonly document: ConfigDocument;
  readonly schema: JsonValue;
  /** Of the value that it is the schema of. Empty: of the whole file. */
  readonly root: KeyPath;
}

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

function asZodIssue(issue: StandardSchemaV1.Issue): Issue {
  // Of another library, or of a zod that knows more: only what every issue has is read of it.
  if (isZodIssue(issue)) return issue;
  const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  return { code: 'custom', path, message: issue.message };
}

const zodCodes: ReadonlySet<unknown> = new Set<Issue['code']>([
  'invalid_type',
  'too_big',
  'too_small',
  'invalid_format',
  'not_multiple_of',
  'unrecognized_keys',
  'invalid_union',
  'invalid_key',
  'invalid_element',
  'invalid_value',
  'custom',
]);

function isZodIssue(issue: StandardSchemaV1.Issue): issue is Issue {
  return 'code' in issue && zodCodes.has(issue.code);
}

function valueAt(document: ConfigDocument, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    document.value,
  );
}

/** `, found "later"`, unless the value came from the environment, or may be a secret by where it stands. */
function found(document: ConfigDocument, path: KeyPath): string {
  const value = valueAt(document, path);
  const [variable] = document.variables(path);
  if (variable !== undefined) return `, found the value of ${variable}`;
  if (typeof value === 'string') {
    // A secret may stand in the place of its variable's name, too.
    const key = String(path.at(-1));
    if (key.endsWith('Env') || isSecretName(key) || looksSecret(value)) return '';
    return `, found ${JSON.stringify(maskAddress(cutText(value, 60)))}`;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return `, found ${value}`;
  return `, found ${nameOf(value)}`;
}

function unknownKeys(issue: Issue & { readonly code: 'unrecognized_keys' }, { schema, document, root }: SchemaPlace) {
  const inner = asKeyPath(issue.path);
  const path = [...root, ...inner];
  const known = knownKeys(schema, inner);
  return issue.keys.map((key): { readonly problem: ConfigProblem; readonly meantPath: string | null } => {
    // Where a secret is written, the name of its variable belongs.
    const meant = closest(key, known) ?? known.find((each) => each === `${key}Env`) ?? null;
    const place = document.place([...path, key], 'key');
    const problem = {
      file: document.file,
      line: place?.line ?? null,
      column: place?.column ?? null,
      path: formatKeyPath([...path, looksSecret(key) ? '…' : key]),
      message: meant === null ? 'unknown key' : `unknown key; did you mean ${meant}?`,
      fix: fixOfUnknown(key, meant, known),
    };
    return { problem, meantPath: meant === null ? null : formatKeyPath([...path, meant]) };
  });
}

function fixOfUnknown(key: string, meant: string | null, known: readonly string[]): string {
  if (key === '<<') return 'write the keys out: nothing is merged';
  if (meant === null) return `remove it, or use one of ${known.join(', ')} (keys that begin with x- are left alone)`;
  const variable = meant === `${key}Env` ? ', and the name of an environment variable as its value' : '';
  return `write ${meant} in place of ${key}${variable}`;
}

/** What would be there in the place of a value of the wrong kind, as far as the value tells what was meant. */
function kindWords(kind: string, value: unknown, known: readonly string[]): string {
  const word = typeof value === 'string' && /^[\w@./-]{1,40}$/.test(value) && !looksSecret(value) ? value : null;
  if (kind === 'array' && typeof value === 'object' && value !== null)
    return 'a list here, with "- " before each entry';
  if (kind === 'array' && word !== null && known.length === 0) return `a list here: [${word}]`;
  if (kind !== 'object' || known.length === 0) return `${expectations[kind] ?? kind} here`;
  if (word !== null && known.includes('use')) return `{ use: ${word} } here`;
  return `keys and values here: ${known.join(', ')}`;
}

function expected(issue: Issue, { schema, document, root }: SchemaPlace): { message: string; fix: string } {
  const inner = asKeyPath(issue.path);
  const path = [...root, ...inner];
  const value = valueAt(document, path);
  const here = schemaAt(schema, inner);
  const description = here?.['description'];
  const about = typeof description === 'string' ? ` (${description})` : '';
  if (value === undefined) {
    const only = here?.['const'];
    const line = `${formatKeyPath(path.slice(-1))}${only === undefined ? '' : `: ${String(only)}`}`;
    return { message: 'is missing', fix: `add ${line}${about}` };
  }
  if (issue.code === 'invalid_type') {
    const kind = expectations[issue.expected] ?? issue.expected;
    const fix = kindWords(issue.expected, value, knownKeys(schema, issue.expected === 'array' ? [...inner, 0] : inner));
    return { message: `expected ${kind}${found(document, path)}`, fix: `write ${fix}${about}` };
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    // Only the quotes are wrong.
    const isQuoted = typeof value === 'string' && values.includes(value);
    const meant = typeof value === 'string' && !isQuoted ? closest(value, values) : null;
    const choice = values.length === 1 ? values.join('') : `one of ${values.join(', ')}`;
    return {
      message: `expected ${choice}${found(document, path)}${meant === null ? '' : `; did you mean ${meant}?`}`,
      fix: isQuoted ? `write ${value} without quotes` : `write ${meant ?? choice}`,
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
function chosenOfUnion(issue: Issue, { document, root }: SchemaPlace): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const value = valueAt(document, [...root, ...asKeyPath(issue.path)]);
  const isMeant = ({ code, path }: Issue): boolean =>
    typeof value === 'object' ? path.length > 0 || code === 'unrecognized_keys' : code === 'invalid_value';
  const chosen = issue.errors.find((inner) => inner.every(isMeant));
  return chosen === undefined ? [issue] : chosen.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
}

/**
 * What a schema found, in words and with places: in the house's words where it is one of zod, and in its own where it is
 * of another library.
 */
export function describeIssues(found: readonly StandardSchemaV1.Issue[], place: SchemaPlace): readonly ConfigProblem[] {
  const { document, root } = place;
  const issues = found.map(asZodIssue).flatMap((issue) => chosenOfUnion(issue, place));
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? unknownKeys(issue, place) : []));
  // A key that was only misspelt isn't missing as well.
  const misspelt = new Set(unknown.flatMap(({ meantPath }) => meantPath ?? []));
  const others = issues.flatMap((issue): readonly ConfigProblem[] => {
    if (issue.code === 'unrecognized_keys') return [];
    const path = [...root, ...asKeyPath(issue.path)];
    if (valueAt(document, path) === undefined && misspelt.has(formatKeyPath(path))) return [];
    return [problemAt(document, path, expected(issue, place))];
  });
  return [...unknown.map(({ problem }) => problem), ...others];
}
