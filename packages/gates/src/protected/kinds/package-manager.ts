import type { ProtectedKind } from './protected-kind.js';

export const packageManager: ProtectedKind = {
  what: 'package managers, which decide what is installed from where, and which shell runs scripts',
  steersChecks: 'by-file',
  entries: [
    { of: 'npm', paths: ['**/{.npmrc,npmrc}', '**/.npmignore'] },
    { of: 'pnpm', paths: ['**/pnpm-workspace.{yml,yaml}', '**/.pnpmfile.*', '**/pnpmfile.*', '**/.modules.yaml'] },
    { of: 'Yarn', paths: ['**/{.yarnrc,.yarnrc.yml,.yarnrc.yaml}', '**/.yarn/**', '**/.pnp.*', '**/yarn.config.*'] },
    { of: 'Bun', paths: ['**/{bunfig,.bunfig}.toml'] },
    { of: 'Deno', paths: ['**/deno.{json,jsonc}', '**/import_map.json'] },
    {
      of: 'Lerna, Rush',
      paths: ['**/lerna.json', '**/rush.json', 'common/config/rush/**', '**/config/rush-project.json'],
    },
    {
      of: 'Python',
      paths: [
        '**/{pip.conf,pip.ini,.pypirc,.pydistutils.cfg,uv.toml,poetry.toml,pdm.toml,.pdm.toml,.condarc,condarc}',
        '**/.pip/**',
        '**/*.pth',
        '**/{sitecustomize,usercustomize}{.py,.so,.*.so,/**}',
      ],
    },
    { of: 'Rust', paths: ['**/.cargo/**'] },
    { of: 'Go', paths: ['**/{go.work,go.env}'] },
    { of: 'Ruby', paths: ['**/.bundle/**', '**/{.gemrc,.rubygems}', '**/.gem/**', '**/rubygems_plugin.rb'] },
    { of: 'Crystal', paths: ['**/shard.override.yml'] },
    { of: 'PHP', paths: ['**/auth.json', '**/.phive/**', '**/phive.xml', '**/box.{json,json.dist}'] },
    {
      of: 'Maven',
      paths: ['**/.mvn/**', '**/{mvnw,mvnw.cmd}', '**/maven-settings.xml', '**/settings.xml', '**/.m2/**'],
    },
    {
      of: 'Gradle',
      paths: [
        '**/{gradlew,gradlew.bat}',
        '**/gradle/wrapper/**',
        '**/{gradle,gradle-daemon-jvm,local}.properties',
        '**/init.gradle{,.kts}',
        '**/init.d/*.gradle{,.kts}',
      ],
    },
    {
      of: 'Scala, Clojure',
      paths: [
        '**/{.sbtopts,.jvmopts,.sbtrc}',
        '**/project/build.properties',
        '**/profiles.clj',
        '**/.lein/**',
        '**/.clojure/**',
      ],
    },
    {
      of: '.NET',
      paths: ['**/nuget.config', '**/.nuget/**', '**/{dotnet-tools.json,.config/dotnet-tools.json}', '**/.paket/**'],
    },
    {
      of: 'C and C++',
      paths: ['**/{vcpkg-configuration.json,conan.conf}', '**/.conan{,2}/**', '**/conan_provider.cmake'],
    },
    { of: 'Swift', paths: ['**/.swiftpm/**', '**/.netrc'] },
    { of: 'Dart', paths: ['**/pubspec_overrides.{yml,yaml}', '**/.pub-cache/**', '**/melos.yaml'] },
    { of: 'Elixir, Erlang', paths: ['**/.hex/**', '**/.mix/**', '**/hex.config'] },
    { of: 'Haskell', paths: ['**/cabal.{project,config}{,.local}', '**/stack.{yml,yaml}', '**/.stack/**'] },
    { of: 'Perl', paths: ['**/{.cpanrc,.cpanmrc,.modulebuildrc}', '**/.cpan/**'] },
    { of: 'R', paths: ['**/{.rprofile,.renviron,rprofile.site}', '**/renv/{activate.r,settings.json,settings.dcf}'] },
    { of: 'Julia', paths: ['**/{localpreferences,juliapreferences}.toml', '**/.julia/**'] },
    { of: 'Lua', paths: ['**/.luarocks/**', '**/luarocks-config.lua', '**/.lux/**'] },
    { of: 'Nix', paths: ['**/nix.conf', '**/.nix-channels'] },
    { of: 'Terraform', paths: ['**/{.terraformrc,terraform.rc,.tofurc}', '**/.terraform/**', '**/*.tfrc'] },
    { of: 'operating systems', paths: ['**/{brewfile,aqua.yaml,aptfile,.apt}', '**/apt.conf'] },
  ],
};
