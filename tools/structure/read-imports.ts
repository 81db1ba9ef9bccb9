import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';

export interface ImportSite {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
}

function unquote(text: string): string | null {
  return /^(['"])(?<inside>.*)\1$/s.exec(text)?.groups?.['inside'] ?? null;
}

/** Every import and re-export of the TypeScript files below a folder, types included. */
export function readImports(root: string, folder: string): readonly ImportSite[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root })
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const { module } = parseSync(file, text);
      const requests = [
        ...module.staticImports.map((statement) => statement.moduleRequest),
        ...module.staticExports.flatMap((statement) => statement.entries.flatMap((entry) => entry.moduleRequest ?? [])),
        ...module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
          const value = unquote(text.slice(start, end));
          return value === null ? [] : { value, start };
        }),
      ];
      return requests.map(({ value, start }) => ({
        file,
        line: text.slice(0, start).split('\n').length,
        specifier: value,
      }));
    });
}
