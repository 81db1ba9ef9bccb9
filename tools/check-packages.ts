import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core';
import { problemKindInfo } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root, runProcess } from './run-process.ts';
import { readPackages } from './structure/read-packages.ts';

/** The packages are ESM only: how they resolve from CommonJS, or before Node had exports, is nobody's concern. */
function concernsModules(problem: Problem): boolean {
  return !('resolutionKind' in problem) || !['node10', 'node16-cjs'].includes(problem.resolutionKind);
}

/** What publint and attw object to in one archive. Both in this process: to start them takes longer than what they do. */
async function findObjections(tarball: string): Promise<readonly string[]> {
  const bytes = new Uint8Array(await readFile(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true, level: 'warning' });
  const analysis = await checkPackage(createPackageFromTarballData(bytes));
  const problems = analysis.types === false ? [] : analysis.problems.filter(concernsModules);
  return [
    ...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`),
    ...(analysis.types === false ? ['attw: no types are packed'] : []),
    ...problems.map((problem) => {
      const { description, docsUrl } = problemKindInfo[problem.kind];
      return `attw: ${description} See ${docsUrl}. It is ${JSON.stringify(problem)}`;
    }),
  ];
}

/** Packs every public package once, as it would be published, and lets publint and attw judge the archives. */
async function checkPackages(folder: string): Promise<number> {
  const filters = readPackages(root)
    .filter((workspacePackage) => !workspacePackage.private)
    .map((workspacePackage) => `--filter=${workspacePackage.name}`);
  const pack = await runProcess('pnpm', [...filters, 'pack', '--pack-destination', folder], { output: 'keep' });
  const tarballs = (await readdir(folder)).sort();
  if (pack.exitCode !== 0 || tarballs.length !== filters.length) {
    console.log(`${pack.output}\npacked ${tarballs.length} of ${filters.length} public packages`);
    return pack.exitCode || 1;
  }
  let exitCode = 0;
  for (const name of tarballs) {
    for (const objection of await findObjections(join(folder, name))) {
      exitCode = 1;
      console.log(`${name}: ${objection}`);
    }
  }
  return exitCode;
}

const folder = await mkdtemp(join(tmpdir(), 'baton-packages-'));
try {
  process.exitCode = await checkPackages(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
