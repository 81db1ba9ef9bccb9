import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { Environment } from '../environment/load-environment.js';
import type { ConfigProblem, KeyPath } from './config-problem.js';
import { formatKeyPath } from './config-problem.js';

/** A line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A configuration file as read: plain values, and where each of them stands. */
export interface ConfigDocument {
  /** Absolute. */
  readonly file: string;
  /** With `${NAME}` filled in and `x-…` keys left out. */
  readonly value: unknown;
  /** Where a key or value stands, or the nearest thing above it. Null where the format keeps no positions. */
  place(path: KeyPath, part?: 'key' | 'value'): Position | null;
  /** Variables that a value was made from. Empty where it stands in the file as it is. */
  variables(path: KeyPath): readonly string[];
  /** Whether the file itself says something here. */
  has(path: KeyPath): boolean;
}

/** A document, or everything that keeps the text from being one. */
export type ReadDocument =
  | { readonly document: ConfigDocument; readonly problems: readonly ConfigProblem[] }
  | { readonly document: null; readonly problems: readonly ConfigProblem[] };

const variablePattern = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

interface Walk {
  readonly file: string;
  readonly environment: Environment | null;
  /** How many more values are taken. */
  left: number;
  readonly problems: ConfigProblem[];
  readonly variables: Map<string, readonly string[]>;
  positionOf(node: unknown): Position;
}

/** What a plain `${NAME}` stands for: numbers and booleans are taken as such, like in the file itself. */
function plainValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text ? Number(text) : text;
}

function fillIn(text: string, plain: boolean, path: KeyPath, node: unknown, walk: Walk): unknown {
  const { environment } = walk;
  if (environment === null) return text;
  const names: string[] = [];
  const filled = text.replaceAll(variablePattern, (match, name: string | undefined) => {
    if (name === undefined) return '${';
    names.push(name);
    const value = environment[name];
    if (value !== undefined) return value;
    walk.problems.push({
      file: walk.file,
      ...walk.positionOf(node),
      path: formatKeyPath(path),
      message: `the environment variable ${name} is not set`,
      fix: `set ${name}, or write the value in its place (a literal "\${" is written "$\${")`,
    });
    return match;
  });
  if (names.length === 0) return filled;
  walk.variables.set(formatKeyPath(path), names);
  return plain && text === `\${${names[0]}}` ? plainValue(filled) : filled;
}

/** Deeper than any settings are, and than an alias that holds itself may go. */
const deepest = 100;

/** Said once: what is refused is met again and again. */
function refuse(message: string, node: unknown, { file, problems, positionOf }: Walk): null {
  const fix = 'write the values out, in the place of aliases (*name) that hold one another';
  if (!problems.some((each) => each.message === message)) {
    problems.push({ file, ...positionOf(node), path: '', message, fix });
  }
  return null;
}

function toPlain(node: unknown, path: KeyPath, walk: Walk, resolveAlias: (node: Node) => unknown): unknown {
  walk.left -= 1;
  if (walk.left < 0) return refuse('the file holds more values than its text has characters', node, walk);
  if (path.length > deepest) return refuse('the file is nested too deeply', node, walk);
  if (isAlias(node)) return toPlain(resolveAlias(node), path, walk, resolveAlias);
  if (isScalar(node)) {
    if (typeof node.value !== 'string') return node.value;
    return fillIn(node.value, node.type === 'PLAIN' || node.type === undefined, path, node, walk);
  }
  if (isSeq(node)) return node.items.map((item, index) => toPlain(item, [...path, index], walk, resolveAlias));
  if (!isMap(node)) return null;
  const entries = node.items.flatMap((pair) => {
    const key = keyOf(pair);
    return key.startsWith('x-') ? [] : [[key, toPlain(pair.value, [...path, key], walk, resolveAlias)] as const];
  });
  return Object.fromEntries(entries);
}

/** A key as text: what is no scalar, such as a list, as it is written in one line. */
function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

function wordsOf(error: Error): string {
  // The parser's own words for a file that is all brackets.
  if (error.message.includes('call stack')) return 'it is nested too deeply';
  return error.message.replace(/\s+at line \d+.*$/s, '');
}

function describeError(error: YAMLError, key: string, file: string): Pick<ConfigProblem, 'message' | 'fix'> {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return { message: `the key ${key} stands here a second time`, fix: 'leave one of the two' };
    case 'MULTIPLE_DOCS':
      return { message: 'a second document begins here', fix: 'leave one of the two, and no line --- between' };
    default:
      return {
        message: `not readable as ${file.endsWith('.json') ? 'JSON' : 'YAML'}: ${wordsOf(error)}`,
        fix: 'mend the line; indentation is by spaces, and text that holds ": " or "#" goes in quotes',
      };
  }
}

function keyAt(text: string, offset: number): string {
  return /^(?:"[^"\n]*"|'[^'\n]*'|[^\s:,}]{1,100})/.exec(text.slice(offset, offset + 200))?.[0] ?? '';
}

/**
 * Parses YAML, and JSON, which is YAML too. `environment` fills in `${NAME}`; where it is null, as for a file that is
 * not the operator's, nothing is filled in. `empty`: whether a file that says nothing is a problem, or no keys.
 */
export function readConfigDocument(
  file: string,
  text: string,
  environment: Environment | null,
  empty: 'problem' | 'no-keys' = 'problem',
): ReadDocument {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const position = (offset: number): Position => {
    const found = lines.linePos(offset);
    return { line: Math.max(1, found.line), column: Math.max(1, found.col) };
  };
  // What it only warns of, such as a tag that nobody knows, would be read as something that nobody wrote.
  const [error] = [...parsed.errors, ...parsed.warnings];
  if (error !== undefined) {
    const problem: ConfigProblem = {
      file,
      ...position(error.pos[0]),
      path: '',
      ...describeError(error, keyAt(text, error.pos[0]), file),
    };
    return { document: null, problems: [problem] };
  }
  const isEmpty = parsed.contents === null || (isScalar(parsed.contents) && parsed.contents.value === null);
  if (isEmpty && empty === 'problem') {
    const problem: ConfigProblem = {
      file,
      line: 1,
      column: 1,
      path: '',
      message: 'the file is empty',
      fix: 'run baton init --force to write one, or copy the example from the documentation',
    };
    return { document: null, problems: [problem] };
  }

  const positionOf = (node: unknown): Position => {
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
    return Array.isArray(range) && typeof range[0] === 'number' ? position(range[0]) : { line: 1, column: 1 };
  };
  const problems: ConfigProblem[] = [];
  const variables = new Map<string, readonly string[]>();
  const walk: Walk = { file, environment, problems, variables, positionOf, left: text.length + 1 };
  const value = isEmpty
    ? {}
    : toPlain(parsed.contents, [], walk, (node) => (isAlias(node) ? node.resolve(parsed) : node));

  const nodeAt = (path: KeyPath): { readonly key: unknown; readonly value: unknown; readonly exact: boolean } => {
    let node: unknown = parsed.contents;
    let key: unknown = parsed.contents;
    for (const part of path) {
      if (isAlias(node)) node = node.resolve(parsed);
      if (!isCollection(node)) return { key, value: node, exact: false };
      const item = isMap(node) ? node.items.find((pair) => keyOf(pair) === String(part)) : node.items[Number(part)];
      if (item === undefined) return { key, value: node, exact: false };
      key = isPair(item) ? item.key : item;
      node = isPair(item) ? (item.value ?? item.key) : item;
    }
    return { key, value: node, exact: true };
  };
  return {
    problems,
    document: {
      file,
      value,
      place(path, part = 'value') {
        const found = nodeAt(path);
        return positionOf(part === 'key' || !found.exact ? found.key : found.value);
      },
      variables: (path) => variables.get(formatKeyPath(path)) ?? [],
      has: (path) => nodeAt(path).exact,
    },
  };
}

/** A document whose values came from code: no positions, no `${NAME}`. */
export function documentOfValue(file: string, value: unknown): ConfigDocument {
  const at = (path: KeyPath): unknown =>
    path.reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
      value,
    );
  return { file, value, place: () => null, variables: () => [], has: (path) => at(path) !== undefined };
}
