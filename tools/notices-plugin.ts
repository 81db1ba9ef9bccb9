import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Options } from 'tsup';

const licenceFile = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

/** The folder of the installed package that a bundled file came from, or null where it is one of ours. */
function packageFolder(file: string): string | null {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(resolve(file))?.[0] ?? null;
}

function describe(folder: string): { readonly name: string; readonly text: string } {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Readonly<
    Record<'name' | 'version' | 'license', string>
  >;
  const files = readdirSync(folder).filter((each) => licenceFile.test(each));
  const texts = files.map((each) => readFileSync(join(folder, each), 'utf8').trim());
  return { name, text: [`${name} ${version}: ${license}`, ...texts].join('\n\n') };
}

/** Writes the licences of the packages whose code a bundle holds beside it, as most of them ask for. */
export const noticesPlugin: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'notices',
  setup(build) {
    build.onEnd(({ metafile }) => {
      const outdir = build.initialOptions.outdir;
      if (metafile === undefined || outdir === undefined) return;
      const folders = new Set(Object.keys(metafile.inputs).flatMap((file) => packageFolder(file) ?? []));
      const notices = [...folders].map(describe).sort((left, right) => (left.name < right.name ? -1 : 1));
      mkdirSync(outdir, { recursive: true });
      writeFileSync(
        join(outdir, 'NOTICES.txt'),
        `${notices.map(({ text }) => text).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`,
      );
    });
  },
};
