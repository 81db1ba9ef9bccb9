import { describe, expect, it } from 'vitest';
import { createKindOfPath } from '../../src/protected/kind-of-path.js';
import { createKindsOfPath } from '../../src/protected/kinds-of-path.js';
import { type ProtectedKindName, protectedKindNames, protectedKinds } from '../../src/protected/protected-kinds.js';

/** Names as they stand in repositories, by what they steer. */
const held: Readonly<Record<ProtectedKindName, string>> = {
  git: '.gitattributes src/.gitattributes .gitmodules .lfsconfig .gitconfig .sops.yaml',
  ci: '.github/workflows/ci.yml .gitlab-ci.yml ci/templates/a.gitlab-ci.yml .gitlab/ci/a.yml .circleci/config.yml Jenkinsfile azure-pipelines.yml bitbucket-pipelines.yml .travis.yml .drone.yml .woodpecker.yml .buildkite/pipeline.yml .forgejo/workflows/a.yml .gitea/workflows/a.yml .cirrus.yml appveyor.yml cloudbuild.yaml buildspec.yml .teamcity/settings.kts .semaphore/semaphore.yml .tekton/a.yaml zuul.yaml .builds/a.yml codemagic.yaml fastlane/Fastfile vercel.json netlify.toml renovate.json Dangerfile dangerfile.ts .releaserc.json .goreleaser.yml .readthedocs.yml action.yml .ci/run',
  owners: 'CODEOWNERS docs/CODEOWNERS OWNERS pkg/OWNERS .mergify.yml .kodiak.toml bors.toml',
  hooks:
    '.husky/pre-commit lefthook.yml .lefthook.toml .pre-commit-config.yaml .lintstagedrc.json lint-staged.config.js .githooks/pre-push .overcommit.yml .simple-git-hooks.json grumphp.yml',
  'agent-instructions':
    'AGENTS.md packages/web/AGENTS.md docs/AGENTS.md CLAUDE.md .claude/settings.json .claude/commands/a.md GEMINI.md .cursor/rules/a.mdc .cursorrules .mcp.json .codex/config.toml .windsurfrules .clinerules .roo/rules/a.md .aider.conf.yml .kiro/steering/a.md .junie/guidelines.md opencode.json .goosehints .continue/config.yaml .gemini/settings.json web/agents.md Claude.md .rules',
  editor:
    '.vscode/tasks.json .vscode/settings.json app.code-workspace .idea/runConfigurations/a.xml .run/a.run.xml .vimrc .exrc .nvim.lua .dir-locals.el .zed/tasks.json a.sublime-project .settings/org.a.prefs .gitpod.yml .replit .gdbinit .pryrc Properties/launchSettings.json',
  container:
    'Dockerfile api/Dockerfile Dockerfile.prod web.Dockerfile Containerfile .dockerignore docker-compose.yml compose.yaml compose.override.yml docker-compose.test.yml .devcontainer/devcontainer.json .devcontainer.json Vagrantfile Earthfile Tiltfile docker-bake.hcl docker-entrypoint.sh',
  environment: '.env .env.test .env.local api/.env.production .envrc .flaskenv .bashrc',
  'package-manager':
    '.npmrc packages/a/.npmrc .yarnrc .yarnrc.yml .yarn/releases/yarn.cjs .pnpmfile.cjs pnpm-workspace.yaml .pnp.cjs bunfig.toml deno.json deno.jsonc lerna.json pip.conf .pypirc uv.toml poetry.toml sitecustomize.py sitecustomize/__init__.py usercustomize.so lib/rubygems_plugin.rb shard.override.yml a.pth .cargo/config.toml go.work .bundle/config auth.json .mvn/maven.config .mvn/wrapper/maven-wrapper.properties mvnw gradlew gradle.properties gradle/wrapper/gradle-wrapper.properties .sbtopts project/build.properties NuGet.Config .config/dotnet-tools.json vcpkg-configuration.json .swiftpm/configuration/mirrors.json pubspec_overrides.yaml .hex/hex.config cabal.project stack.yaml .Rprofile renv/activate.R LocalPreferences.toml .terraformrc Brewfile nix.conf .luarocks/config.lua',
  lockfiles:
    'package-lock.json npm-shrinkwrap.json pnpm-lock.yaml yarn.lock bun.lock bun.lockb deno.lock poetry.lock pdm.lock uv.lock Pipfile.lock pixi.lock Cargo.lock go.sum go.work.sum Gemfile.lock composer.lock gradle.lockfile gradle/verification-metadata.xml packages.lock.json paket.lock conan.lock MODULE.bazel.lock Package.resolved Podfile.lock Cartfile.resolved pubspec.lock mix.lock rebar.lock stack.yaml.lock cabal.project.freeze cpanfile.snapshot renv.lock Manifest.toml flake.lock .terraform.lock.hcl Chart.lock subprojects/zlib.wrap mise.lock shard.lock deps-lock.json lux.lock maven-lockfile.json build.zig.zon2json-lock build.sbt.lock',
  dependencies:
    'requirements.txt requirements-dev.txt requirements/dev.in constraints.txt Pipfile environment.yml go.mod Gemfile a.gemspec gradle/libs.versions.toml packages.config Directory.Packages.props deps.edn project.clj conanfile.txt vcpkg.json Podfile Cartfile pubspec.yaml a.cabal package.yaml cpanfile DESCRIPTION Project.toml a.rockspec build.zig.zon versions.tf providers.tf Chart.yaml elm.json shard.yml dub.json a.nimble a.opam dune-project node_modules/.bin/node packages/a/node_modules/left/index.js vendor/github.com/a/b.go vendor/bin/phpunit third_party/zlib/zlib.c .venv/bin/python .tox/py/bin/pytest .pixi/a .virtualenv/bin/a a.egg-info/PKG-INFO a-1.0.dist-info/entry_points.txt src/a.dist-info/METADATA a.egg-link .pdm-python .pnpm-store/a _opam/a elm-stuff/a .dart_tool/package_config.json .ivy2/a .coursier/a .devbox/a deps/eq/lib/eq.ex lib/python3/site-packages/a.py libs/a.jar patches/left+1.0.0.patch',
  toolchain:
    '.nvmrc .node-version .tool-versions mise.toml .mise.local.toml mise-tasks/test mise/tasks/test .python-version runtime.txt .ruby-version rust-toolchain rust-toolchain.toml .go-version .java-version .sdkmanrc global.json .php-version .swift-version .fvmrc .terraform-version flake.nix shell.nix devbox.json .bazelversion cmake/arm-toolchain.cmake .elixir-version .perl-version .Rversion .julia-version .lua-version .zigversion .ghc-version .clojure-version mise/config.toml',
  'test-runner':
    '.pytest_cache/v/cache/lastfailed .phpunit.result.cache .rspec_status spec/examples.txt vitest.config.ts vitest.workspace.ts packages/web/jest.config.mjs jest.setup.js .mocharc.json .nycrc .c8rc.json playwright.config.ts cypress.config.js karma.conf.js ava.config.js setupTests.ts .taprc pytest.ini tox.ini tests/conftest.py setup.cfg noxfile.py .coveragerc pytest.py unittest.py src/unittest/__init__.py pprint.py json/__init__.py iniconfig.py packaging/__init__.py types.so bisect.cpython-311-x86_64-linux-gnu.so src/main/java/org/junit/Assert.java lib/minitest/autorun.rb test/mocha.rb lib/Test/More.pm Test/More.pm t/lib/Test/More.pm include/gtest/gtest.h include/assert.h src/catch.hpp .gotestsum.yml .config/nextest.toml tarpaulin.toml src/test/resources/junit-platform.properties testng.xml .scalatest.conf tests.edn .rspec spec/spec_helper.rb test/test_helper.rb phpunit.xml phpunit.xml.dist behat.yml tests/Pest.php xunit.runner.json a.testsettings CTestConfig.cmake lit.cfg.py .slather.yml dart_test.yaml test/test_helper.exs coveralls.json .hspec .proverc tests/testthat.R test/runtests.jl .busted test_runner.zig molecule.yml .shellspec pytest.so nose2.cfg features/environment.py node.config.json web/cypress/support/e2e.ts src/test/resources/mockito-extensions/org.mockito.plugins.MockMaker src/test/resources/META-INF/groovy/org.codehaus.groovy.runtime.ExtensionModule test/user.clj user.clj src/user.cljc dev/user.clj src/data_readers.cljc features/support/env.rb spec/spec_helper.cr codecov.yml stryker.config.json src/main/resources/mockito-extensions/org.mockito.plugins.MockMaker .watchmanconfig e2e/features/support/hooks.ts Tests/LinuxMain.swift Tests/AppTests/XCTestManifests.swift lib/strict.pm Carp.pm lib/List/Util.pm bats/setup_suite.bash',
  lint: '.eslintcache .mypy_cache/3.12/a.data.json web/.stylelintcache .ruff_cache/a .eslintrc.json eslint.config.js .eslintignore .prettierrc biome.json .stylelintrc tslint.json .oxlintrc.json commitlint.config.js knip.json ruff.toml .ruff.toml .flake8 .pylintrc mypy.ini pyrightconfig.json .bandit .golangci.yml staticcheck.conf clippy.toml rustfmt.toml deny.toml checkstyle.xml config/pmd/rules.xml detekt.yml spotbugs-exclude.xml .scalafmt.conf .scalafix.conf .clj-kondo/config.edn .rubocop.yml .rubocop_todo.yml .reek.yml sorbet/config phpstan.neon phpstan.neon.dist psalm.xml phpcs.xml .php-cs-fixer.php rector.php stylecop.json a.ruleset .clang-tidy .clang-format .swiftlint.yml analysis_options.yaml .credo.exs .formatter.exs .hlint.yaml .perlcriticrc .lintr .JuliaFormatter.toml .luacheckrc selene.toml zls.json statix.toml .tflint.hcl .yamllint .hadolint.yaml .markdownlint.json .shellcheckrc .editorconfig .gitleaks.toml .trivyignore .snyk sonar-project.properties .codeclimate.yml .semgrep/rules.yml',
  compiler:
    'tsconfig.json tsconfig.build.json packages/a/tsconfig.test.json jsconfig.json babel.config.js .babelrc .swcrc .flowconfig .browserslistrc postcss.config.js build.rs lombok.config src/main/resources/META-INF/services/a.Processor Directory.Build.props Directory.Build.targets compile_flags.txt a.ld preload.php .htaccess App.xcconfig build.yaml rel/env.sh .ghci startup.jl .erlang tlconfig.lua loader.mjs tsconfig.tsbuildinfo .tsbuildinfo pkg/__pycache__/a.cpython-312.pyc a.pyc codegen.yml scalac.options mypyc.ini',
  tasks:
    'Makefile makefile GNUmakefile api/Makefile rules.mk justfile Justfile Taskfile.yml gulpfile.js Gruntfile.js Jakefile tasks.py dodo.py fabfile.py Snakefile SConstruct site_scons/site_init.py Rakefile lib/tasks/db.rake Guardfile castor.php build.xml build.cake xtask/src/main.rs magefile.go lib/mix/tasks/a.ex Rexfile Procfile.dev build.clj',
  build:
    '.gradle/8/a.bin CMakeCache.txt build/CMakeCache.txt config.status .ninja_log .next/cache/a dist-newstyle/a target/debug/a app/target/classes/A.class _build/test/a .cache/a obj/Debug/a.dll vite.config.ts webpack.config.js webpack.prod.js rollup.config.mjs tsup.config.ts next.config.js turbo.json nx.json angular.json .storybook/main.ts setup.py hatch.toml meson.build pom.xml build.gradle build.gradle.kts settings.gradle.kts buildSrc/src/main/kotlin/a.kt build.sbt shadow-cljs.edn App.csproj App.csproj.user App.sln tools/bazel net/main_override.tf override.tf.json test/a.nim.cfg CMakeLists.txt cmake/a.cmake CMakePresets.json configure.ac BUILD pkg/BUILD.bazel WORKSPACE MODULE.bazel .bazelrc rules/a.bzl Package.swift App.xcodeproj/project.pbxproj mix.exs rebar.config config/test.exs Setup.hs extconf.rb config/application.rb bin/setup artisan minil.toml src/Makevars deps/build.jl build.zig nix/a.nix lib/dune prod.tfvars serverless.yml BUCK hook/build.dart wails.json dist-workspace.toml src/main.nim.cfg',
  tools: 'unknown.config.js packages/web/unknown.config.ts .unknownrc .unknownrc.json .config/unknown.toml',
  'check-scripts': 'runtests',
  'setup-scripts': 'scripts/prep',
};

const free =
  'src/config.ts docs/agents.md docs/claude.md src/index.ts src/components/Button.tsx README.md docs/ci.md docs/dependencies.md src/build.ts src/build/index.ts src/lint/rules.ts lib/test.rb app/models/vendor.rb src/vendor/list.ts src/main.go cmd/server/main.go internal/git/git.go src/lib.rs crates/a/src/main.rs src/main/java/com/a/App.java src/test/java/com/a/AppTest.java src/main/kotlin/A.kt app/src/Docker.ts src/dockerfile-parser.ts src/environment.ts src/env.ts .env.example .gitignore CHANGELOG.md LICENSE CONTRIBUTING.md docs/guide/index.md public/index.html styles/main.css src/app.config.ts src/app/app.config.ts test/cart.test.ts tests/test_cart.py spec/cart_spec.rb test/cart_test.exs lib/cart.ex src/Cart.php tests/CartTest.php Sources/App/main.swift Tests/AppTests/AppTests.swift lib/main.dart test/widget_test.dart src/main.c include/a.h src/a.cpp src/Main.hs src/Main.scala src/core.clj src/shop/user.clj src/shop/features/environment.ts app/tools/bazel.ts R/cart.R src/Cart.jl src/cart.lua src/main.zig main.tf modules/net/main.tf variables.tf lib/Cart.pm t/cart.t Program.cs src/Cart.cs migrations/001.sql locales/de.json src/data.json assets/logo.svg data/fixtures/a.yaml src/package.ts src/makefile.ts scripts/seed.ts src/workflow.ts src/tasks/list.ts src/hooks/useCart.ts src/project.ts src/workspace.ts lib/git.rb src/owners.ts src/tools/hammer.ts src/types/index.d.ts src/settings.py app/settings/base.py manage.py src/setup.ts .changeset/a.md Cargo.md src/external/api.ts src/deps/graph.ts src/cache/list.ts src/next/a.ts src/target/index.ts src/build/target.rs docs/obj/a.md src/gemini.ts config/routes.rb config/locales/en.yml src/main/resources/application.yml src/compose.ts src/rules/a.ts .all-contributorsrc types/index.d.ts src/types.py app/json.py calendar/views.py html/index.html lib/test/run.js test/mocha/run.js src/main/java/org/acme/junit/A.java package.json Cargo.toml pyproject.toml composer.json src/app/user.clj tools/bazel.md features/cart.feature src/features/cart.ts src/features/support/Chat.tsx lib/My/Util.pm lib/List.pm';

const words = (text: string): readonly string[] => text.split(' ');

describe('protected kinds', () => {
  const kindsOf = createKindsOfPath(createKindOfPath(), {
    checks: [{ run: 'sh runtests', directory: '' }],
    setup: [{ run: 'sh scripts/prep', directory: '' }],
  });
  const kindOf = (path: string): ProtectedKindName | null => kindsOf(path)[0] ?? null;

  it.each(protectedKindNames)('%s are known by every name of theirs', (kind) => {
    const told = words(held[kind]).map((path) => `${path} ${kindOf(path)}`);
    expect(told).toEqual(words(held[kind]).map((path) => `${path} ${kind}`));
  });

  it('hundreds of names are held, and none by two kinds', () => {
    const names = Object.values(held).flatMap(words);
    expect(names.length).toBeGreaterThan(500);
    expect(new Set(names).size).toBe(names.length);
  });

  it('ordinary code is none of them', () => {
    expect(words(free).flatMap((path) => (kindOf(path) === null ? [] : [`${path} ${kindOf(path)}`]))).toEqual([]);
  });

  it.each(protectedKindNames)('%s say what they are of and why that is more than code', (kind) => {
    expect(protectedKinds[kind].what).toMatch(/\w/);
    for (const { of, paths } of protectedKinds[kind].entries) {
      expect(of).toMatch(/\w/);
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) expect(path.startsWith('=') || path === path.toLowerCase()).toBe(true);
    }
  });

  it.each([
    'JavaScript',
    'Python',
    'Go',
    'Rust',
    'Ruby',
    'PHP',
    '.NET',
    'Swift',
    'Dart',
    'Elixir',
    'Haskell',
    'Scala',
    'Clojure',
    'Perl',
    'R',
    'Julia',
    'Lua',
    'Zig',
    'Nix',
    'Terraform',
    'C and C++',
    'Java|Gradle|Maven',
  ])('%s has lock files or dependencies, versions, and a way to be tested or built', (ecosystem) => {
    const named = new RegExp(`(?:^|, )(?:${ecosystem.replaceAll('.', '\\.').replaceAll('+', '\\+')})(?:,|$)`);
    const having = (kinds: readonly ProtectedKindName[]): boolean =>
      kinds.some((kind) =>
        protectedKinds[kind].entries.some(({ of }) => named.test(of) || (ecosystem === 'JavaScript' && /npm/.test(of))),
      );
    expect(having(['lockfiles', 'dependencies'])).toBe(true);
    expect(having(['toolchain'])).toBe(true);
    expect(having(['test-runner', 'build'])).toBe(true);
    expect(having(['package-manager', 'lint'])).toBe(true);
  });

  it.each([
    ['in another case', 'MAKEFILE', 'tasks'],
    ['in full width', '．ｎｐｍｒｃ', 'package-manager'],
    ['with a character that nobody sees', '.git\u200dattributes', 'git'],
    ['taken apart', '.e\u0301slintrc'.replace('e\u0301', 'e'), 'lint'],
    ['with dots and blanks at its end', 'Makefile . ', 'tasks'],
    ['as a stream', '.npmrc::$DATA', 'package-manager'],
    ['with backslashes', '.github\\workflows\\ci.yml', 'ci'],
    ['with a line break', '.github/a\nb.yml', 'ci'],
    ['as a file in place of its directory', '.github', 'ci'],
  ] as const)('a name %s is the same name', (_how, path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });
});
