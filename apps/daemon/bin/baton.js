#!/usr/bin/env node
// Plain JavaScript, so that an old Node can say what is missing instead of failing on syntax.
import { existsSync, mkdirSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * Where compiled code is kept between runs: the XDG base directory specification's cache home, which is the
 * user's own. Node's default lies in the shared temporary directory, where another user could put code in. A
 * directory that can't be written costs the time, and nothing else; NODE_COMPILE_CACHE and
 * NODE_DISABLE_COMPILE_CACHE hold as everywhere.
 */
function keepCompiledCode() {
  const { XDG_CACHE_HOME: cacheHome } = process.env;
  try {
    const base = cacheHome !== undefined && isAbsolute(cacheHome) ? cacheHome : join(homedir(), '.cache');
    if (!isAbsolute(base)) return;
    const directory = join(base, 'baton', 'compiled');
    // Made here, level by level: Node tries for ever where a level above can never be made, as in /proc.
    for (const level of [base, dirname(directory), directory]) {
      if (!existsSync(level)) mkdirSync(level, { mode: 0o700 });
    }
    module.enableCompileCache?.(directory);
  } catch {
    // No home, or none that can be written.
  }
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `baton needs Node 24 or newer; this is Node ${process.versions.node}.\n` +
      'fix: install Node 24 or newer (https://nodejs.org) and try again.\n',
  );
  process.exitCode = 2;
} else {
  keepCompiledCode();
  const main = new URL('../dist/main.js', import.meta.url);
  await import(main.href).catch((error) => {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist/main.js')) throw error;
    process.stderr.write('baton is not built yet.\nfix: run npm run build in the repository, then try again.\n');
    process.exitCode = 2;
  });
}
