import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface WorkspacePackage {
  /** The package's name without its scope: `core`, `sqlite`, `daemon`. */
  readonly room: string;
  readonly name: string;
  /** Path from the root of the repository. */
  readonly folder: string;
  readonly private: boolean;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Every package of the repository, by folder. */
export function readPackages(root: string): readonly WorkspacePackage[] {
  const folders = globSync(['apps/*', 'packages/*', 'bench', 'examples/*'], { cwd: root });
  return folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .sort()
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
      return {
        room: manifest.name.replace(/^@baton\//, ''),
        name: manifest.name,
        folder,
        private: manifest.private === true,
        dependencies: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
        devDependencies: Object.keys(manifest.devDependencies ?? {}),
      };
    });
}
