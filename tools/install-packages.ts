import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { runProcess } from './run-process.ts';

/** Where no registry answers, a suite that can do without is not held up by npm's own minutes. */
const impatient = ['--fetch-timeout=60000', '--fetch-retries=1'];

/** Installs packages of exact versions into a directory of their own, unless they are there. */
export async function installPackages(directory: string, packages: Readonly<Record<string, string>>): Promise<void> {
  const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  const hash = createHash('sha256').update(wanted.join(' ')).digest('hex');
  const stamp = `${directory}/.installed`;
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === hash) return;
  await mkdir(directory, { recursive: true });
  await writeFile(`${directory}/package.json`, '{ "private": true }\n');
  console.error(`Installing ${wanted.join(', ')} …`);
  const argv = ['install', '--no-save', '--no-audit', '--no-fund', ...impatient, '--prefix', directory, ...wanted];
  const { exitCode, output } = await runProcess('npm', argv, { output: 'keep', cwd: directory });
  if (exitCode !== 0) throw new Error(`They can't be installed:\n${output}`);
  await writeFile(stamp, hash);
}
