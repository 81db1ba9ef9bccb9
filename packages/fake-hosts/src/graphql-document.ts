/** What a selection asks for. */
export type Selection =
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly as: string;
      readonly args: Readonly<Record<string, GraphqlValue>>;
      readonly selections: readonly Selection[] | null;
    }
  | { readonly kind: 'on'; readonly type: string; readonly selections: readonly Selection[] }
  | { readonly kind: 'spread'; readonly name: string };

/** A value as it stands in a document. */
export type GraphqlValue =
  | { readonly variable: string }
  | { readonly literal: unknown }
  | { readonly list: readonly GraphqlValue[] }
  | { readonly object: Readonly<Record<string, GraphqlValue>> };

/** A parsed document with one operation. */
export interface GraphqlDocument {
  readonly operation: 'query' | 'mutation';
  readonly selections: readonly Selection[];
  readonly fragments: ReadonlyMap<string, { readonly type: string; readonly selections: readonly Selection[] }>;
}

/** Reads the part of GraphQL that clients of a fake write: no directives, no block strings. Throws on anything else. */
export function parseGraphql(text: string): GraphqlDocument {
  const tokens = text.match(/\.\.\.|[{}()[\]:$!=]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*/g) ?? [];
  const unread = text.replace(/\.\.\.|[{}()[\]:$!=]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*|[\s,]+/g, '');
  if (unread !== '') throw new Error(`a GraphQL document with ${JSON.stringify(unread.slice(0, 10))}`);
  let at = 0;
  const peek = (): string => tokens[at] ?? '';
  const next = (): string => {
    const token = tokens[at];
    if (token === undefined) throw new Error('a GraphQL document that ends in its middle');
    at += 1;
    return token;
  };
  const take = (token: string): boolean => {
    if (peek() !== token) return false;
    at += 1;
    return true;
  };
  const expect = (token: string): void => {
    const found = next();
    if (found !== token) throw new Error(`a GraphQL document with ${found} in the place of ${token}`);
  };
  const name = (): string => {
    const found = next();
    if (!/^[A-Za-z_]/.test(found)) throw new Error(`a GraphQL document with ${found} in the place of a name`);
    return found;
  };
  const value = (): GraphqlValue => {
    if (take('$')) return { variable: name() };
    if (take('[')) {
      const list: GraphqlValue[] = [];
      while (!take(']')) list.push(value());
      return { list };
    }
    if (take('{')) return { object: entries('}') };
    const token = next();
    if (token.startsWith('"') || /^-?\d/.test(token)) return { literal: JSON.parse(token) };
    const words: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };
    return { literal: token in words ? words[token] : token };
  };
  const entries = (end: string): Record<string, GraphqlValue> => {
    const found: Record<string, GraphqlValue> = {};
    while (!take(end)) {
      const key = name();
      expect(':');
      found[key] = value();
    }
    return found;
  };
  const selections = (): Selection[] => {
    expect('{');
    const found: Selection[] = [];
    while (!take('}')) found.push(selection());
    return found;
  };
  const selection = (): Selection => {
    if (take('...')) {
      if (!take('on')) return { kind: 'spread', name: name() };
      return { kind: 'on', type: name(), selections: selections() };
    }
    const first = name();
    const field = take(':') ? name() : first;
    const args = take('(') ? entries(')') : {};
    return { kind: 'field', name: field, as: first, args, selections: peek() === '{' ? selections() : null };
  };
  let operation: GraphqlDocument['operation'] | undefined;
  let selected: readonly Selection[] = [];
  const fragments = new Map<string, { readonly type: string; readonly selections: readonly Selection[] }>();
  while (at < tokens.length) {
    const kind = next();
    if (kind === 'fragment') {
      const fragment = name();
      expect('on');
      fragments.set(fragment, { type: name(), selections: selections() });
      continue;
    }
    if ((kind !== 'query' && kind !== 'mutation') || operation) throw new Error(`a GraphQL document with ${kind}`);
    operation = kind;
    name();
    // Types of variables are for a schema, which a fake has none of.
    if (take('(')) while (!take(')')) next();
    selected = selections();
  }
  if (!operation) throw new Error('a GraphQL document without an operation');
  return { operation, selections: selected, fragments };
}
