import type { ProtectedKindName } from './protected-kinds.js';

/** What a key of a manifest is. `null`: ordinary, a change of it steers nothing. */
export type KeyKind = ProtectedKindName | null;

/** How a manifest's content is read. */
export interface ManifestRules {
  readonly format: 'json' | 'toml';
  /** How many keys deep a setting is named. */
  readonly depth: number;
  /** By the longest of these that begins a key's path; `*` is every other key of its place. */
  readonly keys: Readonly<Record<string, KeyKind>>;
}

const all = <Kind extends KeyKind>(kind: Kind, keys: string): Readonly<Record<string, Kind>> =>
  Object.fromEntries(keys.split(' ').map((key) => [key, kind]));

/** By the manifest's name in small letters. What no rule names is a tool's section. */
export const manifestRules: Readonly<Record<string, ManifestRules>> = {
  'package.json': {
    format: 'json',
    depth: 2,
    keys: {
      '*': 'tools',
      ...all(null, '$schema name version description keywords license licenses author contributors maintainers'),
      ...all(null, 'homepage repository bugs funding private main module browser types typings typesVersions type'),
      ...all(
        null,
        'exports imports files man directories sideEffects unpkg jsdelivr readme displayName publisher icon',
      ),
      ...all('tasks', 'scripts bin wireit'),
      ...all('dependencies', 'dependencies devDependencies peerDependencies peerDependenciesMeta optionalDependencies'),
      ...all('dependencies', 'bundleDependencies bundledDependencies overrides resolutions catalog catalogs'),
      ...all('dependencies', 'dependenciesMeta patchedDependencies trustedDependencies'),
      ...all('package-manager', 'packageManager workspaces config installConfig publishConfig os cpu libc pnpm'),
      ...all('toolchain', 'engines devEngines volta engineStrict'),
      ...all('test-runner', 'jest mocha ava nyc c8 tap vitest playwright karma cypress jasmine stryker cucumber'),
      ...all(
        'lint',
        'eslintConfig eslintIgnore prettier stylelint xo standard commitlint knip size-limit remarkConfig',
      ),
      ...all('compiler', 'babel browserslist swc postcss'),
      ...all('hooks', 'husky lint-staged simple-git-hooks pre-commit pre-push gitHooks'),
      ...all('build', 'turbo nx tsup esbuild vite webpack rollup parcel targets source build'),
    },
  },
  'composer.json': {
    format: 'json',
    depth: 2,
    keys: {
      '*': 'tools',
      ...all(
        null,
        '$schema name description version type keywords homepage readme time license authors support funding',
      ),
      ...all(null, 'abandoned archive'),
      ...all('dependencies', 'require require-dev conflict replace provide suggest repositories minimum-stability'),
      ...all('dependencies', 'prefer-stable non-feature-branches'),
      ...all('package-manager', 'config'),
      ...all('tasks', 'scripts scripts-descriptions scripts-aliases bin'),
      ...all('build', 'autoload autoload-dev include-path target-dir'),
    },
  },
  'pyproject.toml': {
    format: 'toml',
    depth: 3,
    keys: {
      '*': 'tools',
      project: null,
      ...all('dependencies', 'project.dependencies project.optional-dependencies dependency-groups'),
      ...all('toolchain', 'project.requires-python'),
      ...all('tasks', 'project.scripts project.gui-scripts project.entry-points tool.poe tool.taskipy tool.hatch.envs'),
      ...all(
        'build',
        'project.dynamic build-system tool.hatch tool.setuptools tool.flit tool.maturin tool.cibuildwheel',
      ),
      ...all('test-runner', 'tool.pytest tool.tox tool.nox tool.coverage tool.hypothesis tool.mutmut tool.behave'),
      ...all(
        'lint',
        'tool.ruff tool.black tool.isort tool.flake8 tool.pylint tool.mypy tool.pyright tool.basedpyright',
      ),
      ...all(
        'lint',
        'tool.bandit tool.pydocstyle tool.yapf tool.autopep8 tool.vulture tool.codespell tool.typos tool.ty',
      ),
      ...all('package-manager', 'tool.uv tool.pixi tool.rye tool.pip-tools tool.pdm tool.poetry.source'),
      'tool.poetry': null,
      ...all(
        'dependencies',
        'tool.poetry.dependencies tool.poetry.group tool.poetry.dev-dependencies tool.poetry.extras',
      ),
      ...all('tasks', 'tool.poetry.scripts tool.poetry.plugins tool.pdm.scripts'),
      ...all('build', 'tool.poetry.build tool.poetry.packages tool.poetry.include'),
      ...all('dependencies', 'tool.uv.sources tool.uv.dev-dependencies tool.pdm.dev-dependencies'),
    },
  },
  'cargo.toml': {
    format: 'toml',
    depth: 3,
    keys: {
      '*': 'tools',
      package: null,
      badges: null,
      ...all('build', 'package.build package.links bin package.autobins package.autoexamples'),
      ...all(
        'compiler',
        'package.edition package.forced-target package.default-target features profile cargo-features',
      ),
      ...all('toolchain', 'package.rust-version workspace.package.rust-version'),
      ...all('tools', 'package.metadata workspace.metadata'),
      ...all('test-runner', 'package.autotests package.autobenches lib test bench example'),
      ...all(
        'dependencies',
        'dependencies dev-dependencies build-dependencies target patch replace workspace.dependencies',
      ),
      ...all('dependencies', 'package.resolver workspace.resolver'),
      ...all('package-manager', 'workspace package.workspace'),
      'workspace.package': null,
      'workspace.package.edition': 'compiler',
      ...all('lint', 'lints workspace.lints'),
    },
  },
};
