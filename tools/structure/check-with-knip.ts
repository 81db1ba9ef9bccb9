import { join } from 'node:path';
import { root as repository, runProcess } from '../run-process.ts';
import type { Complaint } from './complaint.ts';

interface Found {
  readonly name: string;
  readonly line?: number;
}

interface Report {
  readonly issues: readonly ({ readonly file: string; readonly cycles?: readonly (readonly Found[])[] } & Readonly<
    Partial<Record<'files' | 'dependencies' | 'devDependencies' | 'unlisted' | 'unresolved', readonly Found[]>>
  >)[];
}

const rules = {
  files: (_name: string) => ['nothing names this file', 'import it from what the package exports, or delete it.'],
  dependencies: (name: string) => [
    `dependency ${name} is not used by the sources`,
    'remove it, or make it a devDependency.',
  ],
  devDependencies: (name: string) => [`devDependency ${name} is not used`, 'remove it from package.json.'],
  unlisted: (name: string) => [
    `imports ${name}, which the package does not declare`,
    'add it to dependencies of its package.json (devDependencies where only tests import it).',
  ],
  unresolved: (name: string) => [`import "${name}" leads nowhere`, 'correct the path; specifiers end in .js.'],
} as const;

function toComplaints(report: Report): Complaint[] {
  return report.issues.flatMap((issue) => {
    const cycles = (issue.cycles ?? []).map((files) => ({
      where: issue.file,
      what: `cycle between files: ${[...files, ...files.slice(0, 1)].map((file) => file.name).join(' → ')}`,
      fix: 'move what both need into a third file, or hand it in as an argument.',
    }));
    const others = Object.entries(rules).flatMap(([rule, describe]) =>
      (issue[rule as keyof typeof rules] ?? []).map((found) => {
        const [what = '', fix = ''] = describe(found.name);
        return { where: found.line === undefined ? issue.file : `${issue.file}:${found.line}`, what, fix };
      }),
    );
    return [...cycles, ...others];
  });
}

async function runKnip(root: string, args: readonly string[]): Promise<Complaint[]> {
  const knip = join(repository, 'node_modules/.bin/knip');
  const common = ['--directory', root, '--reporter', 'json', '--no-progress', '--no-config-hints', '--no-exit-code'];
  const result = await runProcess(knip, [...common, ...args], { output: 'keep' });
  const report = result.output.trim();
  if (!report.startsWith('{')) throw new Error(`knip did not report: ${report}`);
  return toComplaints(JSON.parse(report) as Report);
}

/** Unused files, undeclared and unused dependencies, and cycles between files. */
export async function checkWithKnip(root: string): Promise<Complaint[]> {
  const [sources, everything] = await Promise.all([
    // Strict production: tests do not count as a use, and devDependencies do not serve sources.
    runKnip(root, ['--production', '--strict', '--include', 'files,dependencies,unlisted,unresolved,cycles']),
    runKnip(root, ['--include', 'files,dependencies,unlisted,unresolved']),
  ]);
  const seen = new Map<string, Complaint>();
  for (const complaint of [...sources, ...everything]) seen.set(`${complaint.where} ${complaint.what}`, complaint);
  return [...seen.values()];
}
