import type { CallOptions } from '@baton/core';
import type { Git, GitCommand } from '../git/git.js';

/** What `.gitattributes` says of one path, as far as it decides which bytes git stores. */
export interface Attributes {
  /** The filter driver, or null. */
  readonly filter: string | null;
  /** Whether what git stores may differ from what stands on the disk: line endings, `$Id$`, encodings. */
  readonly converts: boolean;
}

/** Asks for the attributes of names (git's bytes, as latin1) by the `.gitattributes` that stand in an index. */
export async function readAttributes(
  git: Git,
  where: Pick<GitCommand, 'gitDir' | 'workTree' | 'index'>,
  names: readonly string[],
  options?: CallOptions,
): Promise<ReadonlyMap<string, Attributes>> {
  const found = new Map<string, Attributes>();
  if (names.length === 0) return found;
  const argv = ['check-attr', '--cached', '-z', '--stdin', 'filter', ...converting] as const;
  const input = names.map((name) => `${name}\0`).join('');
  const fields = (await git({ argv, ...where, input, encoding: 'latin1' }, options)).stdout.split('\0');
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [name = '', attribute = '', value = ''] = fields.slice(at, at + 3);
    const { filter, converts } = found.get(name) ?? none;
    const isSet = value !== 'unspecified' && value !== 'unset';
    found.set(
      name,
      attribute === 'filter'
        ? { converts, filter: isSet && value !== 'set' ? value : null }
        : { filter, converts: converts || isSet },
    );
  }
  return found;
}

/** What git converts by without a filter (gitattributes(5)). */
const converting = ['text', 'crlf', 'eol', 'ident', 'working-tree-encoding'] as const;
const none: Attributes = { filter: null, converts: false };
