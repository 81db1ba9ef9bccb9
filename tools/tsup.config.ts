import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { directImports } from './direct-imports-plugin.js';
import { noticesPlugin } from './notices-plugin.js';

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly '@baton/source'?: string }>>;
}

const main = './src/main.ts';
const isCommand = existsSync(main);

/** zod's messages in some fifty languages, of which one is shown. */
const oneLanguage: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'one-language',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/**
 * A command brings all of its code along, in a few files: it starts in half the time, and takes less memory. Ours
 * is taken from the sources, so that what a verb doesn't use isn't loaded with it.
 */
const command: Options = {
  noExternal: [/./],
  esbuildPlugins: [oneLanguage, directImports(resolve('../../packages')), noticesPlugin],
  esbuildOptions: (options) => {
    options.conditions = ['@baton/source'];
  },
  // CommonJS packages ask for Node's modules by it.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
};

/** A package is built from what it exports, and from `src/main.ts` where it has a command. */
function entries(): Record<string, string> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const exported = Object.values(manifest.exports).flatMap((target) => target['@baton/source'] ?? []);
  const sources = isCommand ? [...exported, main] : exported;
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
  ...(isCommand ? command : {}),
});
