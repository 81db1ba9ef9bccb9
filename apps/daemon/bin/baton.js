#!/usr/bin/env node
// Plain JavaScript, so that an old Node can say what is missing instead of failing on syntax.
import module from 'node:module';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `baton needs Node 24 or newer; this is Node ${process.versions.node}.\n` +
      'fix: install Node 24 or newer (https://nodejs.org) and try again.\n',
  );
  process.exitCode = 2;
} else {
  module.enableCompileCache?.();
  const main = new URL('../dist/main.js', import.meta.url);
  await import(main.href).catch((error) => {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist/main.js')) throw error;
    process.stderr.write('baton is not built yet.\nfix: run npm run build in the repository, then try again.\n');
    process.exitCode = 2;
  });
}
