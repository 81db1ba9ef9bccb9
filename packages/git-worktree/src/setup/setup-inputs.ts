import { createPlaces, mostWays, type Symlink } from '../vault/symlinks.js';

/**
 * Names of files that say what a setup installs, and with what: what an ecosystem locks, what it declares, and what
 * steers its tools. A manifest counts beside its lock file: many repositories have none, and where both stand there
 * a change of one alone is what the setup has to refuse or to carry out. `*` stands for any part of a name.
 */
const namesByEcosystem: Readonly<Record<string, readonly string[]>> = {
  javascript: [
    'package.json',
    'package-lock.json',
    'npm-shrinkwrap.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    '.pnpmfile.*js',
    'yarn.lock',
    'bun.lock',
    'bun.lockb',
    'bunfig.toml',
    'deno.lock',
    'deno.json',
    'deno.jsonc',
    'jsr.json',
    'import_map.json',
    'bower.json',
    'lerna.json',
    'rush.json',
    '.npmrc',
    '.yarnrc',
    '.yarnrc.yml',
    '.nvmrc',
    '.node-version',
  ],
  python: [
    'pyproject.toml',
    'setup.py',
    'setup.cfg',
    'poetry.lock',
    'poetry.toml',
    'uv.lock',
    'uv.toml',
    'pdm.lock',
    'pdm.toml',
    'Pipfile',
    'Pipfile.lock',
    'pylock.toml',
    'pylock.*.toml',
    '*requirements*.txt',
    '*requirements*.in',
    '*constraints*.txt',
    'environment.yml',
    'environment.yaml',
    'conda-lock.yml',
    '*.conda-lock.yml',
    'pixi.toml',
    'pixi.lock',
    'tox.ini',
    'noxfile.py',
    '.python-version',
  ],
  rust: ['Cargo.toml', 'Cargo.lock', 'rust-toolchain', 'rust-toolchain.toml'],
  go: ['go.mod', 'go.sum', 'go.work', 'go.work.sum', 'Gopkg.toml', 'Gopkg.lock', '.go-version'],
  ruby: ['Gemfile', 'Gemfile.lock', 'gems.rb', 'gems.locked', '*.gemspec', '.ruby-version'],
  php: ['composer.json', 'composer.lock'],
  beam: ['mix.exs', 'mix.lock', 'rebar.config', 'rebar.lock', 'gleam.toml', 'manifest.toml'],
  jvm: [
    'pom.xml',
    'build.gradle',
    'build.gradle.kts',
    'settings.gradle',
    'settings.gradle.kts',
    'gradle.properties',
    'gradle.lockfile',
    '*.lockfile',
    'libs.versions.toml',
    'gradle-wrapper.properties',
    'maven-wrapper.properties',
    'verification-metadata.xml',
    'build.sbt',
    'build.properties',
    'plugins.sbt',
    'project.clj',
    'deps.edn',
    'maven_install.json',
    '.java-version',
    '.sdkmanrc',
  ],
  dotnet: [
    '*.csproj',
    '*.fsproj',
    '*.vbproj',
    '*.sln',
    '*.slnx',
    'packages.lock.json',
    'packages.config',
    'Directory.Packages.props',
    'Directory.Build.props',
    'Directory.Build.targets',
    'paket.dependencies',
    'paket.lock',
    'nuget.config',
    'NuGet.Config',
    'global.json',
    'dotnet-tools.json',
  ],
  apple: [
    'Package.swift',
    'Package.resolved',
    'Podfile',
    'Podfile.lock',
    'Cartfile',
    'Cartfile.resolved',
    '.swift-version',
  ],
  dart: ['pubspec.yaml', 'pubspec.lock', 'pubspec_overrides.yaml'],
  nix: [
    'flake.nix',
    'flake.lock',
    'shell.nix',
    'default.nix',
    'devenv.nix',
    'devenv.yaml',
    'devenv.lock',
    'npins.json',
  ],
  haskell: ['*.cabal', 'cabal.project', 'cabal.project.*', 'stack.yaml', 'stack.yaml.lock', 'package.yaml'],
  ocaml: ['*.opam', '*.opam.locked', 'dune-project', 'dune.lock'],
  c: ['conanfile.txt', 'conanfile.py', 'conan.lock', 'vcpkg.json', 'vcpkg-configuration.json', '.gitmodules'],
  zig: ['build.zig.zon'],
  julia: ['Project.toml', 'Manifest.toml', 'JuliaProject.toml', 'JuliaManifest.toml'],
  r: ['DESCRIPTION', 'renv.lock'],
  perl: ['cpanfile', 'cpanfile.snapshot', 'Makefile.PL', 'Build.PL'],
  crystal: ['shard.yml', 'shard.lock'],
  d: ['dub.json', 'dub.sdl', 'dub.selections.json'],
  elm: ['elm.json'],
  lean: ['lakefile.lean', 'lakefile.toml', 'lake-manifest.json', 'lean-toolchain'],
  bazel: ['MODULE.bazel', 'MODULE.bazel.lock', 'WORKSPACE', 'WORKSPACE.bazel', '.bazelversion'],
  terraform: ['.terraform.lock.hcl', '.terraform-version'],
  protobuf: ['buf.lock', 'buf.yaml'],
  versions: ['.tool-versions', 'mise.toml', '.mise.toml', 'mise.lock', '.envrc', 'Brewfile', 'Brewfile.lock.json'],
  tasks: ['Makefile', 'makefile', 'GNUmakefile', 'justfile', 'Justfile', 'Taskfile.yml', 'Taskfile.yaml', 'Rakefile'],
};

/** Directories whose files say what is installed, change it, or are the tool that installs it. */
const directories = ['patches', 'requirements', '.yarn', '.cargo', '.mvn', '.bundle', '.mise', 'npins'] as const;

const names = new RegExp(
  `(?:^|/)(?:${Object.values(namesByEcosystem)
    .flat()
    .map((name) => name.split('*').map(literally).join('[^/]*'))
    .join('|')})$`,
);
const below = new RegExp(`(?:^|/)(?:${directories.map(literally).join('|')})/`);

/**
 * Whether the setup may come to something else once this file differs: by its path in the tree, or since the setup's
 * command names it (`sh tools/setup.sh`, `cd app && ./install`) or a directory that it lies in (`pip install ./lib`).
 */
export function isSetupInput(path: string, command: string): boolean {
  if (names.test(path) || below.test(path)) return true;
  return wordsOf(command).some((word) => path === word || path.endsWith(`/${word}`) || path.startsWith(`${word}/`));
}

/**
 * Which entries of a tree the setup may come to something else by: those of `isSetupInput`, and what links of such
 * names lead to (`requirements.txt` to `deps/all.txt`, `patches` to a directory).
 */
export function createInputMatcher(links: readonly Symlink[], command: string): (path: string) => boolean {
  const isInput = (path: string): boolean => isSetupInput(path, command) || isSetupInput(`${path}/x`, command);
  const placesOf = createPlaces(links);
  const places = new Set<string>();
  const isBelow = (path: string): boolean =>
    places.has(path) || [...path.matchAll(/\//g)].some(({ index }) => places.has(path.slice(0, index)));
  let left = links;
  for (let way = 0; way < mostWays && left.length > 0; way += 1) {
    const followed = left.filter(({ path }) => (way === 0 ? isInput(path) : isBelow(path)));
    if (followed.length === 0) break;
    for (const link of followed) for (const place of [link.path, ...placesOf(link)]) places.add(place);
    const done = new Set(followed);
    left = left.filter((link) => !done.has(link));
  }
  return (path) => isSetupInput(path, command) || isBelow(path);
}

/** What in a command may be a path of the tree. A word too many costs a setup, one too few a stale dependency. */
function wordsOf(command: string): readonly string[] {
  return command
    .split(/[\s"'`;|&()<>=,:]+/)
    .map((word) => word.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, ''))
    .filter((word) => word !== '' && word !== '.');
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
