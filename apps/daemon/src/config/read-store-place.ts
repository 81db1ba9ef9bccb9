import { dirname } from 'node:path';
import { isMap, isScalar, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Environment } from '../environment/load-environment.js';
import { judgeOrigin } from './accepted-files.js';
import type { Config } from './config.js';
import { readConfigDocument } from './config-document.js';
import { readRegularFile } from './read-regular-file.js';
import { defaultState, resolvePathIn } from './resolve-path.js';

/** Where a store is, and the variables of the file that may name a secret. */
export interface StorePlace {
  readonly config: Pick<Config, 'directory' | 'document' | 'state' | 'store' | 'prices'>;
  readonly secretNames: readonly string[];
}

/** Only the built-in store, at its own place: nothing is run by the word of a file that isn't in order. */
const placeSchema = z.looseObject({
  state: z.string().min(1).optional(),
  store: z.strictObject({ use: z.literal('sqlite') }).optional(),
});

/**
 * What can be told of the store by a configuration file that is not in order: whatever is wrong elsewhere in it says
 * nothing of where jobs are remembered. Null where it can't be told beyond doubt, or where a commit of Baton's own
 * changed the file and no person accepted that.
 */
export async function readStorePlace(file: string, environment: Environment): Promise<StorePlace | null> {
  // What a `.ts` file says is known by running it alone.
  if (/\.[cm]?[jt]s$/.test(file)) return null;
  const content = await readRegularFile(file).catch(() => null);
  if (content === null || (await judgeOrigin({ path: file, content }, environment)) !== null) return null;
  const told = readTopLevel(content);
  const { document, problems } = readConfigDocument(file, JSON.stringify(told), environment, 'no-keys');
  const parsed = placeSchema.safeParse(document?.value);
  if (document === null || problems.length > 0 || !parsed.success) return null;
  const directory = dirname(file);
  const { state } = parsed.data;
  return {
    config: {
      ...{ directory, document, prices: {}, store: { use: 'sqlite', settings: {}, path: ['store'] } },
      state: state === undefined ? defaultState(environment) : resolvePathIn(state, directory, environment),
    },
    secretNames: [...content.matchAll(/\w*Env["']?\s*:\s*["']?([A-Za-z_]\w*)/g)].flatMap(([, name]) => name ?? []),
  };
}

/** The two keys, also of a file that breaks off or is indented wrongly elsewhere. What can't be read of them is null. */
function readTopLevel(content: string): Readonly<Record<string, unknown>> {
  const { contents } = parseDocument(content, { prettyErrors: false, uniqueKeys: false });
  const told: Record<string, unknown> = {};
  for (const key of ['state', 'store']) {
    // The parser may have lost it, or taken it for part of another value.
    const count = [...content.matchAll(new RegExp(`^["']?${key}["']?[ \t]*:`, 'gm'))].length;
    const pairs = isMap(contents) ? contents.items.filter(({ key: own }) => isScalar(own) && own.value === key) : [];
    if (count === 0 && pairs.length === 0) continue;
    const value = pairs.length === 1 && count <= 1 ? pairs[0]?.value : null;
    told[key] = isScalar(value) ? value.value : isMap(value) ? plainOf(value.items) : null;
  }
  return told;
}

function plainOf(
  items: readonly { readonly key: unknown; readonly value: unknown }[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    items.map(({ key, value }) => [isScalar(key) ? String(key.value) : '', isScalar(value) ? value.value : null]),
  );
}
