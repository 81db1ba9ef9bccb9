import { type GraphqlDocument, type GraphqlValue, parseGraphql, type Selection } from './graphql-document.js';
import { fieldOf, type HttpAnswer, json, textField } from './server-message.js';

/** Arguments of a field. */
export type GraphqlArguments = Readonly<Record<string, unknown>>;

/** What can be selected: plain values, and functions of the arguments. `__typename` decides about `... on`. */
export type GraphqlObject = { readonly [field: string]: unknown };

type Path = readonly (string | number)[];
type FieldSelection = Extract<Selection, { readonly kind: 'field' }>;

/** Becomes an entry of `errors` with the path of its field, or of its place in a list, which is then null. */
export class GraphqlFieldError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/**
 * Answers a GraphQL request over plain objects. A field that is selected and isn't there throws: the fake
 * then answers 599, so that no client relies on what nobody built.
 */
export async function executeGraphql(
  body: unknown,
  root: Readonly<Record<'query' | 'mutation', GraphqlObject>>,
): Promise<HttpAnswer> {
  const document = parseGraphql(textField(body, 'query') ?? '');
  const variables = fieldOf(body, 'variables') ?? {};
  const errors: { readonly type: string; readonly message: string; readonly path: Path }[] = [];

  const evaluate = (value: GraphqlValue): unknown => {
    if ('variable' in value) return fieldOf(variables, value.variable) ?? null;
    if ('list' in value) return value.list.map(evaluate);
    if ('object' in value) return evaluateAll(value.object);
    return value.literal;
  };
  const evaluateAll = (args: Readonly<Record<string, GraphqlValue>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(args).map(([key, value]) => [key, evaluate(value)]));
  const complete = async (value: unknown, selections: readonly Selection[] | null, path: Path): Promise<unknown> => {
    if (value === null || value === undefined) return null;
    if (value instanceof GraphqlFieldError) {
      errors.push({ type: value.type, message: value.message, path });
      return null;
    }
    if (Array.isArray(value))
      return Promise.all(value.map((each, index) => complete(each, selections, [...path, index])));
    if (selections === null) {
      if (typeof value === 'object') throw new Error(`an object at ${path.join('.')} without a selection`);
      return value;
    }
    return select(value, selections, path);
  };
  const resolve = async (object: object, selection: FieldSelection, path: Path): Promise<unknown> => {
    if (!(selection.name in object)) throw new Error(`no field ${selection.name} at ${path.join('.')}`);
    const value: unknown = Reflect.get(object, selection.name);
    try {
      const resolved: unknown = typeof value === 'function' ? await value(evaluateAll(selection.args)) : value;
      return await complete(resolved, selection.selections, path);
    } catch (error) {
      if (!(error instanceof GraphqlFieldError)) throw error;
      errors.push({ type: error.type, message: error.message, path });
      return null;
    }
  };
  const select = async (value: unknown, selections: readonly Selection[], path: Path): Promise<object> => {
    if (typeof value !== 'object' || value === null) throw new Error(`no object at ${path.join('.')}`);
    const found: Record<string, unknown> = {};
    for (const each of selections) {
      if (each.kind === 'field') {
        found[each.as] = await resolve(value, each, [...path, each.as]);
        continue;
      }
      const part = each.kind === 'on' ? each : fragmentOf(document, each.name);
      const type: unknown = Reflect.get(value, '__typename');
      if (type === undefined || type === part.type || isInterface(part.type)) {
        Object.assign(found, await select(value, part.selections, path));
      }
    }
    return found;
  };
  const data = await select(root[document.operation], document.selections, []);
  return json(errors.length === 0 ? { data } : { data, errors });
}

/** Interfaces that any of our objects may have. */
function isInterface(type: string): boolean {
  return type === 'Actor' || type === 'Node' || type === 'Comment';
}

function fragmentOf(
  document: GraphqlDocument,
  name: string,
): { readonly type: string; readonly selections: readonly Selection[] } {
  const fragment = document.fragments.get(name);
  if (!fragment) throw new Error(`no fragment ${name}`);
  return fragment;
}

/** A list as GraphQL hands it out, by `first` and `after`, or `last` and `before`. */
export function connectionOf(all: readonly unknown[], args: GraphqlArguments): GraphqlObject {
  const offset = (cursor: unknown, otherwise: number): number =>
    typeof cursor === 'string' ? Number(cursor.slice('at'.length)) : otherwise;
  const [low, high] = [offset(args['after'], -1) + 1, offset(args['before'], all.length)];
  const [first, last] = [args['first'], args['last']];
  if (typeof first !== 'number' && typeof last !== 'number') throw new Error('a connection without first or last');
  const start = typeof last === 'number' ? Math.max(low, high - Math.min(last, 100)) : low;
  const end = typeof first === 'number' ? Math.min(high, low + Math.min(first, 100)) : high;
  return {
    totalCount: all.length,
    nodes: all.slice(start, end),
    pageInfo: {
      hasNextPage: end < all.length,
      hasPreviousPage: start > 0,
      startCursor: end > start ? `at${start}` : null,
      endCursor: end > start ? `at${end - 1}` : null,
    },
  };
}
