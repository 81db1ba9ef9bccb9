import { describe, expect, it } from 'vitest';
import { createInputMatcher, isSetupInput } from '../../src/setup/setup-inputs.js';

describe('what a setup installs is told by', () => {
  it.each([
    ['package.json', 'pnpm-workspace.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb', '.npmrc', '.pnpmfile.cjs', '.nvmrc'],
    ['deno.json', 'deno.lock', '.yarn/releases/yarn-4.cjs', 'patches/left-pad.patch'],
    ['pyproject.toml', 'requirements.txt', 'requirements-dev.txt', 'dev-requirements.in', 'uv.lock', 'pylock.toml'],
    ['Pipfile', 'Pipfile.lock', 'poetry.lock', 'pdm.lock', 'conda-lock.yml', 'environment.yml', 'pixi.lock'],
    ['Cargo.toml', 'Cargo.lock', '.cargo/config.toml', 'rust-toolchain.toml', 'go.mod', 'go.sum', 'go.work.sum'],
    ['Gemfile', 'Gemfile.lock', 'x.gemspec', 'composer.json', 'composer.lock', 'mix.exs', 'mix.lock'],
    ['pom.xml', 'build.gradle.kts', 'gradle.lockfile', 'gradle/libs.versions.toml', 'src/App.csproj'],
    ['packages.lock.json', 'Directory.Packages.props', 'Package.swift', 'Package.resolved', 'Podfile.lock'],
    ['pubspec.yaml', 'pubspec.lock', 'flake.nix', 'flake.lock', '.tool-versions', 'mise.toml', 'Makefile'],
  ])('%s, %s …', (...paths) => {
    for (const path of paths) {
      expect([path, isSetupInput(path, 'x')]).toEqual([path, true]);
      expect([path, isSetupInput(`deep/er/${path}`, 'x')]).toEqual([path, true]);
    }
  });

  it.each(['README.md', 'src/index.ts', 'package.json.md', 'my-package.json', 'docs/Cargo.lock/x', 'cargo.lock.txt'])(
    'not by %s',
    (path) => expect(isSetupInput(path, 'npm ci')).toBe(false),
  );

  it('the files that the command names, and what lies in a directory that it names', () => {
    const command = `cd app && ./install.sh --from=deps/all.list; pip install './lib' "$HOME"`;
    for (const path of ['app/install.sh', 'install.sh', 'deps/all.list', 'lib/setup.ini']) {
      expect([path, isSetupInput(path, command)]).toEqual([path, true]);
    }
    for (const path of ['reinstall.sh', 'libs/x', 'all.list.old']) {
      expect([path, isSetupInput(path, command)]).toEqual([path, false]);
    }
  });

  it('what links of such names lead to, by way of others too', () => {
    const links = Object.entries({
      'requirements.txt': 'deps/current',
      'deps/current': 'all.list',
      patches: 'ops/diffs',
      'app/install.sh': '../tools/real.sh',
      '.npmrc': '/etc/npmrc',
      other: 'src',
    }).map(([path, target]) => ({ path, target }));
    const isInput = createInputMatcher(links, 'sh app/install.sh');
    for (const path of ['deps/current', 'deps/all.list', 'ops/diffs/a/b.patch', 'tools/real.sh', 'requirements.txt']) {
      expect([path, isInput(path)]).toEqual([path, true]);
    }
    for (const path of ['src/a', 'deps/other', 'etc/npmrc', 'ops/diffs-more/a'])
      expect([path, isInput(path)]).toEqual([path, false]);
  });
});
