/**
 * Preloaded by node (`--import`), it runs the packages from their sources, and puts a planted bug into one of them:
 * `BATON_SIMULATE_BUG` names it. Nothing of Baton's own reads that variable.
 */
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { type Bug, planted } from './bugs/bug.ts';

const root = new URL('../../../../', import.meta.url);
let bug: Bug | null = null;

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    if (specifier.startsWith('.') && specifier.endsWith('.js') && parentURL?.startsWith(root.href)) {
      const url = new URL(specifier.replace(/\.js$/, '.ts'), parentURL);
      if (!parentURL.includes('/node_modules/') && existsSync(url)) {
        return { url: url.href, format: 'module-typescript', shortCircuit: true };
      }
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (url.endsWith('.liquid')) {
      const source = `export default ${JSON.stringify(readFileSync(new URL(url), 'utf8'))};`;
      return { format: 'module', source, shortCircuit: true };
    }
    if (bug && url === new URL(bug.file, root).href) {
      const source = planted(readFileSync(new URL(url), 'utf8'), bug);
      return { format: 'module-typescript', source, shortCircuit: true };
    }
    return next(url, context);
  },
});

const named = process.env['BATON_SIMULATE_BUG'];
if (named !== undefined) {
  // Once sources can be loaded.
  const { bugs } = await import('./bugs/bugs.js');
  const known: Readonly<Record<string, Bug>> = bugs;
  bug = known[named] ?? null;
  if (bug === null) throw new Error(`There is no planted bug ${named}.`);
}
