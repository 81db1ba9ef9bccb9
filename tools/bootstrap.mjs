// Runs on a bare machine: Node 20, npm and git, and nothing installed. So: plain JavaScript, no dependency.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.baton-installed');
const windows = process.platform === 'win32';

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();
}

/** Resolves to the exit code; a signal to us goes to the child, and its signal becomes 128 + n. */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, shell: windows, ...options });
    // A terminal sends its interrupt to every process at once; sent on, it would arrive twice.
    const forward = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward);
      resolve(code ?? 128 + (constants.signals[signal] ?? 1));
    });
    if (child.stdout !== null) {
      child.output = [];
      child.stdout.on('data', (chunk) => child.output.push(chunk));
      child.stderr.on('data', (chunk) => child.output.push(chunk));
      child.on('close', (code) => code !== 0 && process.stderr.write(Buffer.concat(child.output)));
    }
  });
}

async function install() {
  if (isInstalled()) return 0;
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stderr.write(`Installing dependencies with ${packageManager} …\n`);
  const hash = lockHash();
  const code = await run('npx', ['-y', packageManager, 'install', '--frozen-lockfile'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true' },
  });
  if (code === 0) writeFileSync(stamp, hash);
  else
    process.stderr.write('fix: the output above is from `pnpm install --frozen-lockfile`; mend that and try again.\n');
  return code;
}

/** Node 24 comes as a package where there is one for this platform; elsewhere it must be there already. */
function findNode() {
  const packaged = join(binaries, 'node');
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return null;
}

const installed = await install();
if (installed !== 0) process.exit(installed);
const node = findNode();
if (node === null) {
  process.stderr.write(
    `Baton needs Node 24 or newer; this is ${process.version}, and there is no packaged Node for ${process.platform}-${process.arch}.\n` +
      'fix: install Node 24 or newer (https://nodejs.org) and try again.\n',
  );
  process.exit(1);
}
const env = {
  ...process.env,
  PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};
process.exitCode = await run(node, [join(root, 'tools', 'run.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
});
