import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runProcess } from './run-process.ts';
import { readPackages } from './structure/read-packages.ts';

interface Check {
  readonly tarball: string;
  readonly command: string;
  readonly args: readonly string[];
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
  const queue: Check[] = tarballs.flatMap((name) => {
    const tarball = join(folder, name);
    return [
      { tarball: name, command: 'publint', args: ['run', tarball, '--strict', '--level', 'warning'] },
      { tarball: name, command: 'attw', args: [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji'] },
    ];
  });
  let exitCode = 0;
  async function work(): Promise<void> {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      const result = await runProcess(check.command, check.args, { output: 'keep' });
      if (result.exitCode === 0) continue;
      exitCode = result.exitCode;
      console.log(`${check.command} objects to ${check.tarball}:\n${result.output}`);
    }
  }
  await Promise.all([work(), work()]);
  return exitCode;
}

const folder = await mkdtemp(join(tmpdir(), 'baton-packages-'));
try {
  process.exitCode = await checkPackages(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
