/**
 * Names of what package managers make in a checkout, by ecosystem: what they install, the environments that they
 * install it into, and their own notes of it. Not what is compiled of the repository's sources.
 */
const namesByEcosystem: Readonly<Record<string, readonly string[]>> = {
  javascript: [
    'node_modules',
    'bower_components',
    'jspm_packages',
    '.yarn',
    '.pnp.cjs',
    '.pnp.loader.mjs',
    '.pnpm-store',
  ],
  python: ['.venv', 'venv', '.virtualenv', '__pypackages__', '.pdm-python', '.pixi', '.tox', '.nox'],
  ruby: ['.bundle', 'vendor'],
  php: ['vendor', '.phive'],
  go: ['vendor'],
  rust: ['.cargo', 'vendor'],
  beam: ['deps'],
  jvm: ['.m2', '.ivy2', '.coursier'],
  dotnet: ['.nuget', '.paket'],
  apple: ['Pods', 'Carthage'],
  dart: ['.dart_tool', '.pub-cache'],
  ocaml: ['_opam'],
  r: ['renv'],
  perl: ['local'],
  elm: ['elm-stuff'],
  tools: ['.mise', '.direnv', '.devbox'],
};

const names = new Set(Object.values(namesByEcosystem).flat());

/** What an installer notes beside a link to the sources, and the lock that it writes where the repository has none. */
const endings = /(?:\.egg-info|\.egg-link|\.lock|\.lockb|-lock\.json|-lock\.yaml|\.sum)$/;

/** Whether what a setup made at a path is dependencies by the name of the path. */
export function isDependency(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return names.has(name) || endings.test(name);
}
