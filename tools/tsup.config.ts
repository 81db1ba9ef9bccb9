import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly '@baton/source'?: string }>>;
}

/** A package is built from what it exports, and from `src/main.ts` where it has a command. */
function entries(): Record<string, string> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const exported = Object.values(manifest.exports).flatMap((target) => target['@baton/source'] ?? []);
  const main = './src/main.ts';
  const sources = existsSync(main) ? [...exported, main] : exported;
  // The same paths below dist as tsc gives the types.
  return Object.fromEntries(sources.map((source) => [source.replace(/^\.\/src\/|\.ts$/g, ''), source]));
}

export default defineConfig({
  entry: entries(),
  format: 'esm',
  target: 'node24',
  platform: 'node',
  dts: false,
  sourcemap: true,
  clean: true,
  splitting: true,
  silent: true,
  // `node:sqlite` exists only under its prefix, which tsup would strip.
  removeNodeProtocol: false,
  loader: { '.liquid': 'text' },
});
