import type { Complaint } from './complaint.ts';
import type { WorkspacePackage } from './read-packages.ts';

/** Packages that need each other, devDependencies included: the build could not order them. */
export function checkPackageCycles(packages: readonly WorkspacePackage[]): Complaint[] {
  const byName = new Map(packages.map((workspacePackage) => [workspacePackage.name, workspacePackage]));
  const done = new Set<string>();
  const complaints: Complaint[] = [];

  function visit(workspacePackage: WorkspacePackage, path: readonly string[]): void {
    const start = path.indexOf(workspacePackage.name);
    if (start >= 0) {
      complaints.push({
        where: `${workspacePackage.folder}/package.json`,
        what: `cycle between packages: ${[...path.slice(start), workspacePackage.name].join(' → ')}`,
        fix: 'drop one of these dependencies: move the shared part below both, or the test above both.',
      });
      return;
    }
    if (done.has(workspacePackage.name)) return;
    for (const name of [...workspacePackage.dependencies, ...workspacePackage.devDependencies]) {
      const next = byName.get(name);
      if (next !== undefined) visit(next, [...path, workspacePackage.name]);
    }
    done.add(workspacePackage.name);
  }

  for (const workspacePackage of packages) visit(workspacePackage, []);
  return complaints;
}
