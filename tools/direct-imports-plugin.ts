import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Options } from 'tsup';

/** Where the names that an index exports are made, by name. */
type Origins = ReadonlyMap<string, { readonly file: string; readonly name: string }>;

const exported = /^export (?:type )?\{([^}]*)\} from '(\.[^']+)\.js';$/gm;
const imported = /^import \{([^}]*)\} from '(@baton\/[a-z-]+)';$/gm;

/** The names between two braces, as they are there and here. Types are left out: nothing of them is loaded. */
function readNames(list: string): readonly { readonly there: string; readonly here: string }[] {
  const names = list.split(',').map((each) => each.trim());
  return names
    .filter((each) => each !== '' && !each.startsWith('type '))
    .map((each) => each.split(' as '))
    .map(([there = '', here = there]) => ({ there, here }));
}

function readOrigins(index: string): Origins {
  const origins = new Map<string, { readonly file: string; readonly name: string }>();
  for (const [, list = '', path = ''] of readFileSync(index, 'utf8').matchAll(exported)) {
    for (const { there, here } of readNames(list)) {
      origins.set(here, { file: `${join(dirname(index), path)}.ts`, name: there });
    }
  }
  return origins;
}

/**
 * Has sources of ours import one another by the file that makes a name, in the place of the index of its package: whoever
 * imports an index loads all that is behind it with any part of it, as esbuild splits code.
 */
export function directImports(packagesFolder: string): NonNullable<Options['esbuildPlugins']>[number] {
  const known = new Map<string, Origins>();
  const originsOf = (specifier: string): Origins => {
    const index = join(packagesFolder, specifier.replace('@baton/', ''), 'src/index.ts');
    const origins = known.get(specifier) ?? (existsSync(index) ? readOrigins(index) : new Map());
    known.set(specifier, origins);
    return origins;
  };
  const point = (whole: string, list: string, specifier: string): string => {
    const origins = originsOf(specifier);
    const lines = readNames(list).map(({ there, here }) => {
      const origin = origins.get(there);
      return origin === undefined
        ? `import { ${there} as ${here} } from '${specifier}';`
        : `import { ${origin.name} as ${here} } from ${JSON.stringify(origin.file)};`;
    });
    // Lines stay where they were, for the map of the sources.
    return lines.join(' ') + '\n'.repeat(whole.split('\n').length - 1);
  };
  return {
    name: 'direct-imports',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        if (/[\\/]node_modules[\\/]/.test(path)) return null;
        return { contents: readFileSync(path, 'utf8').replace(imported, point), loader: 'ts' };
      });
    },
  };
}
