/**
 * Preloaded by node (`--import`), it runs the daemon from the sources of the packages, and takes one defence away:
 * exports that `BATON_TEST_WITHOUT` names, as JSON `{module, exports: {name: expression}}`, are replaced by other
 * ones. In an expression `was` is what it replaces. Nothing of Baton's own reads that variable.
 */
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

interface Removal {
  readonly module: string;
  readonly exports: Readonly<Record<string, string>>;
}

const root = new URL('../../../../', import.meta.url);
const removals: readonly Removal[] = JSON.parse(process.env['BATON_TEST_WITHOUT'] ?? '[]');
const replaced = new Map(
  removals.map(({ module, exports }) => [pathToFileURL(fileURLToPath(new URL(module, root))).href, exports]),
);
const asItIs = '?as-it-is';

function rewrite(url: string, exports: Readonly<Record<string, string>>): string {
  const original = JSON.stringify(`${url}${asItIs}`);
  const lines = Object.entries(exports).flatMap(([name, expression]) => [
    // An import that isn't there ends the process: a defence that moved doesn't count as taken away.
    `import { ${name} as was_${name} } from ${original};`,
    `export const ${name} = ((was) => (${expression}))(was_${name});`,
  ]);
  return [`export * from ${original};`, ...lines].join('\n');
}

registerHooks({
  resolve(specifier, context, next) {
    const asTypeScript = specifier.replace(/\.js$/, '.ts');
    const isOwn = specifier.startsWith('.') && context.parentURL?.startsWith(root.href) === true;
    if (isOwn && asTypeScript !== specifier && !context.parentURL?.includes('/node_modules/')) {
      const url = new URL(asTypeScript, context.parentURL);
      if (existsSync(url)) return { url: url.href, format: 'module-typescript', shortCircuit: true };
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    const exports = replaced.get(url);
    if (exports !== undefined) return { format: 'module', source: rewrite(url, exports), shortCircuit: true };
    if (url.endsWith('.liquid')) {
      const source = `export default ${JSON.stringify(readFileSync(new URL(url), 'utf8'))};`;
      return { format: 'module', source, shortCircuit: true };
    }
    return next(url, context);
  },
});
