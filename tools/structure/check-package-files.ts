import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import type { Complaint } from './complaint.ts';
import { readImports } from './read-imports.ts';
import type { WorkspacePackage } from './read-packages.ts';

function checkDocuments(root: string, { folder, name, private: unpublished }: WorkspacePackage): Complaint[] {
  const wanted = unpublished ? ['README.md'] : ['README.md', 'CHANGELOG.md'];
  return wanted
    .filter((file) => !existsSync(join(root, folder, file)))
    .map((file) => ({
      where: folder,
      what: `${name} has no ${file}`,
      fix:
        file === 'README.md' ? 'say what the package is for and show its shortest use.' : `start it with "# ${name}".`,
    }));
}

/** Templates and other texts beside the sources; what TypeScript files nothing names, knip finds. */
function checkTexts(root: string, { folder }: WorkspacePackage): Complaint[] {
  const texts = globSync(`${folder}/src/**/*.liquid`, { cwd: root }).sort();
  if (texts.length === 0) return [];
  const named = new Set(readImports(root, `${folder}/src`).map(({ file, specifier }) => join(file, '..', specifier)));
  return texts
    .filter((file) => !named.has(file))
    .map((file) => ({
      where: file,
      what: 'nothing names this file',
      fix: 'import it where it is used, or delete it.',
    }));
}

export function checkPackageFiles(root: string, packages: readonly WorkspacePackage[]): Complaint[] {
  return packages.flatMap((each) => [...checkDocuments(root, each), ...checkTexts(root, each)]);
}
