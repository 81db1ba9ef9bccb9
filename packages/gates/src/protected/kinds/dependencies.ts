import type { ProtectedKind } from './protected-kind.js';

export const dependencies: ProtectedKind = {
  what: "dependencies, which bring other people's code",
  steersChecks: 'by-setup',
  entries: [
    // Of `package.json`, `pyproject.toml`, `Cargo.toml`, `composer.json` the content is compared.
    {
      of: 'JavaScript',
      paths: [
        '**/{bower.json,.bowerrc,package.json5}',
        '**/{node_modules,bower_components,jspm_packages,web_modules,.pnpm-store}/**',
        '**/patches/*.patch',
        '**/.syncpackrc*',
        '**/ncurc.*',
        '**/.ncurc*',
      ],
    },
    {
      of: 'Python',
      paths: [
        '**/{requirements,constraints}*.{txt,in,pip}',
        '**/requirements/**/*.{txt,in}',
        '**/{pipfile,environment.yml,environment.yaml,conda.yml,conda.yaml,pixi.toml}',
        '**/{site-packages,dist-packages,.venv,venv,.virtualenv,__pypackages__,.tox,.nox,.pixi}/**',
        // What lies beside the code is taken for installed: `entry_points.txt` names plugins of pytest.
        '**/*.{egg-info,egg-link,dist-info}{,/**}',
        '**/.pdm-python',
        '**/*.{whl,egg}',
      ],
    },
    { of: 'Go', paths: ['**/{go.mod,gopkg.toml,glide.yaml}', '**/tools.go'] },
    { of: 'Ruby', paths: ['**/{gemfile,gems.rb,appraisals}', '**/*.gemfile', '**/*.gemspec', '**/gemfiles/**'] },
    {
      of: 'Gradle',
      paths: [
        '**/*.versions.toml',
        '**/gradle/libs.{toml,gradle}',
        '**/buildsrc/**/{versions,dependencies}.*',
        '**/dependencies.gradle{,.kts}',
      ],
    },
    {
      of: '.NET',
      paths: ['**/packages.config', '**/directory.packages.{props,targets}', '**/paket.{dependencies,references}'],
    },
    {
      of: 'Scala, Clojure',
      paths: [
        '**/deps.edn',
        '**/bb.edn',
        '**/project.clj',
        '**/project/{dependencies,plugins}.*',
        '**/dependencies.scala',
      ],
    },
    {
      of: 'C and C++',
      paths: [
        '**/{conanfile.py,conanfile.txt,vcpkg.json,cpm.cmake,cget.txt}',
        '**/hunter/config.cmake',
        '**/west.yml',
        '**/idf_component.yml',
        '**/platformio.ini',
      ],
    },
    {
      of: 'Swift',
      paths: ['**/{podfile,cartfile,cartfile.private,mintfile}', '**/*.podspec{,.json}', '**/{pods,carthage}/**'],
    },
    { of: 'Dart', paths: ['**/pubspec.{yml,yaml}', '**/{.dart_tool,.pub-cache}/**'] },
    { of: 'Java, Scala, Nix', paths: ['**/{.m2,.ivy2,.coursier,.devbox}/**'] },
    { of: 'Haskell', paths: ['**/*.cabal', '**/package.{yml,yaml}'] },
    { of: 'Perl', paths: ['**/cpanfile', '**/{meta.json,meta.yml,dist.ini}', '**/local/lib/perl5/**'] },
    { of: 'R', paths: ['=**/{DESCRIPTION,NAMESPACE}', '**/renv/library/**'] },
    { of: 'Julia', paths: ['**/{project,juliaproject}.toml'] },
    { of: 'Lua', paths: ['**/*.rockspec', '**/lux.toml', '**/{lua_modules,.luarocks}/**'] },
    { of: 'Zig', paths: ['**/build.zig.zon', '**/{zigmod,zig}.{yml,yaml}', '**/gyro.zzz'] },
    {
      of: 'Terraform',
      paths: ['**/{versions,providers,terraform}.tf{,.json}', '**/terragrunt.hcl', '**/.opentofu-version'],
    },
    {
      of: 'Helm, Ansible',
      paths: [
        '**/chart.{yml,yaml}',
        '**/galaxy.yml',
        '**/requirements.{yml,yaml}',
        '**/helmfile.{yml,yaml}',
        '**/vendir.yml',
      ],
    },
    {
      of: 'Elm, Crystal, Nim, OCaml, D, V',
      paths: [
        '**/{elm-stuff,_opam}/**',
        '**/{elm.json,elm-package.json,shard.yml,dub.json,dub.sdl,v.mod,spago.dhall,spago.yaml,packages.dhall}',
        '**/*.{nimble,opam}',
        '**/dune-project',
      ],
    },
    {
      of: 'code of others in the tree',
      paths: [
        'vendor/**',
        'deps/*/**',
        '**/vendor/{bin,bundle,cache,composer,github.com,golang.org,google.golang.org,gopkg.in,k8s.io}/**',
        '**/vendor/{autoload.php,modules.txt}',
        '{third_party,third-party,thirdparty,external,extern}/**',
        '**/*.{jar,war,gem,nupkg,tgz,crate}',
      ],
    },
  ],
};
