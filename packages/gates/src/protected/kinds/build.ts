import type { ProtectedKind } from './protected-kind.js';

export const build: ProtectedKind = {
  what: 'how the project is built, which runs before most checks',
  steersChecks: 'by-file',
  entries: [
    // What was built before is not built again.
    {
      of: 'caches',
      paths: [
        '**/.{gradle,stack-work,zig-cache,parcel-cache,next,nuxt,svelte-kit,rpt2_cache,rollup.cache,webpack-cache,esbuild,bloop,cpcache,shadow-cljs,cache,deps,ccache}/**',
        '**/.angular/cache/**',
        '**/{dist-newstyle,zig-cache}/**',
        '**/{cmakecache.txt,config.status,config.cache,.ninja_log,.ninja_deps,.sconsign*,.make.state}',
        '{target,**/target}/{debug,release,classes,test-classes,maven-status}/**',
        '**/_build/{dev,test,prod,default}/**',
        '**/obj/{debug,release}/**',
      ],
    },
    {
      of: 'JavaScript',
      paths: [
        '**/{vite,webpack,rollup,rolldown,rspack,rsbuild,rslib,tsup,tsdown,unbuild,build,esbuild,parcel,snowpack,next,nuxt,vue,angular,remix,react-router,gatsby,svelte,astro,quasar,expo,capacitor,electron,forge,electron-builder,electron-vite,docusaurus,vuepress,storybook,ember-cli-build,turbo,nx,moon,bud,craco,config-overrides,farm,wxt,plasmo,vinxi,solid,qwik,waku,redwood}.config.{js,cjs,mjs,ts,cts,mts,json}',
        '**/webpack.*.{js,cjs,mjs,ts}',
        '**/rollup.*.{js,cjs,mjs,ts}',
        '**/{turbo,nx,project,workspace,angular,.angular-cli,vue.config,nest-cli,ng-package,moon,ionic.config,capacitor.config,electron-builder,tauri.conf,vss-extension}.{json,jsonc,json5}',
        '**/{ember-cli-build,config-overrides}.js',
        '**/.ember-cli',
        '**/{.moon,.nx,.turbo,.storybook}/**',
        '**/.parcelrc',
        '**/{.sassrc,.fatherrc,.umirc}*',
      ],
    },
    {
      of: 'Python',
      paths: [
        '**/{setup.py,manifest.in,hatch.toml,hatch_build.py,meson.build,buildout.cfg,bootstrap.py,versioneer.py,pants.toml,pants.ini}',
        '**/setup_*.py',
      ],
    },
    {
      of: 'Java, Kotlin',
      paths: [
        '**/pom.xml',
        '**/*.pom',
        '**/*.{gradle,gradle.kts,gradle.dcl}',
        '**/{buildsrc,build-logic,build-src}/**',
        '**/{build.mill,build.sc,build.mill.scala,amper.yaml,module.yaml}',
      ],
    },
    {
      of: 'Scala',
      paths: [
        '**/*.sbt',
        '**/project/**/*.scala',
        '**/{build.sc,project.scala}',
        '**/mill{,.bat}',
        '**/mill-build/**',
        '**/.mill-*',
      ],
    },
    { of: 'Clojure', paths: ['**/{shadow-cljs.edn,figwheel-main.edn,dev.cljs.edn,lein-*.clj}'] },
    {
      of: '.NET',
      paths: [
        '**/*.{csproj,fsproj,vbproj,vcxproj,vcxproj.filters,sqlproj,shproj,proj,sln,slnx,slnf,nuspec,projitems,pubxml}',
        '**/*.{csproj,fsproj,vbproj,vcxproj,proj}.user',
        '**/{app,web}.config',
        '**/web.*.config',
      ],
    },
    {
      of: 'C and C++',
      paths: [
        '**/cmakelists.txt',
        '**/*.cmake',
        '**/{cmakepresets,cmakeuserpresets}.json',
        '**/{meson.build,meson.format,configure,configure.ac,configure.in,aclocal.m4,acinclude.m4,autogen.sh,bootstrap.sh,premake*.lua,xmake.lua,wscript,tup.config,tupfile,tupfile.lua,ninja.build,build.ninja,bear.json,.qmake.conf,.qmake.stash}',
        '**/*.{pro,pri,qbs,m4,gyp,gypi,gn,gni,bp,ninja}',
        '**/{.gn,android.bp,soong.conf}',
      ],
    },
    {
      of: 'Bazel, Buck, Pants, Please',
      paths: [
        '=**/{BUILD,BUCK,WORKSPACE,TARGETS,BUILD.plz}',
        '**/{build,workspace,module,repo}.bazel',
        // Started in the place of Bazel where it is there.
        '**/tools/bazel{,.bat,.exe,.ps1,.rc}',
        '**/workspace.bzlmod',
        '**/*.{bzl,bazel,bxl,plz,star}',
        '**/{.bazelrc,.bazelignore,.bazelproject,.buckconfig,.buckroot,.plzconfig,pants.toml,.bazelrc.*,user.bazelrc,.plzconfig.*,.buckconfig.*}',
        '**/*.bazelrc',
        '**/*.buck',
      ],
    },
    {
      of: 'Swift',
      paths: [
        '**/package.swift',
        '**/package@swift-*.swift',
        '**/*.xcodeproj/**',
        '**/project.pbxproj',
        '**/xcodegen.{yml,yaml}',
        '**/{tuist,projectdescriptionhelpers}/**',
        '**/plugins/**/plugin.swift',
      ],
    },
    {
      of: 'Dart',
      paths: [
        '**/{build.yaml,flutter_launcher_icons.yaml,mason.yaml}',
        '**/hook/{build,link}.dart',
        '**/tool/{build,grind}.dart',
      ],
    },
    {
      of: 'Elixir, Erlang',
      paths: [
        '**/mix.exs',
        '**/{rebar,rebar3,erlang}.{config,mk}',
        '**/config/{config,test,dev,runtime,prod,releases}.exs',
        '**/*.app.src{,.script}',
        '**/relx.config',
      ],
    },
    { of: 'Haskell', paths: ['**/setup.{hs,lhs}', '**/{shakefile,shake}.hs'] },
    {
      of: 'Ruby',
      paths: [
        '**/{extconf.rb,config.ru}',
        '**/config/{boot,application,environment}.rb',
        '**/config/environments/*.rb',
        'bin/{setup,rails,rake,rspec,bundle,ci,spring,test,dev,console,phpunit,pest}',
      ],
    },
    { of: 'PHP', paths: ['**/{config.m4,config.w32,symfony.config,.php-build}', '**/artisan'] },
    { of: 'Perl', paths: ['**/{makefile.pl,build.pl,minil.toml,ppport.h}'] },
    {
      of: 'R',
      paths: [
        '**/{configure.win,cleanup,cleanup.win,.rbuildignore,_pkgdown.yml,_targets.r,.rinstignore}',
        '**/src/makevars{,.*}',
        '**/*.rproj',
      ],
    },
    { of: 'Julia', paths: ['**/deps/build.jl'] },
    { of: 'Lua', paths: ['**/{.luarocks-build,premake5.lua,config.ld}'] },
    { of: 'Zig', paths: ['**/build.zig'] },
    {
      of: 'Rust',
      paths: [
        '**/{trunk,dioxus,leptosfmt,wasm-pack,dist-workspace,dist,release,release-plz,cliff}.toml',
        '**/tauri.conf.*',
        '**/{anchor,soldeer,foundry}.toml',
      ],
    },
    { of: 'Go', paths: ['**/{.ko.yaml,.air.toml,wails.json,fyneapp.toml,.gobuild}', '**/gqlgen.{yml,yaml}'] },
    { of: 'Nix', paths: ['**/*.nix'] },
    {
      of: 'OCaml, Crystal, Nim, Haxe, smart contracts',
      paths: [
        '=**/dune',
        '**/dune-workspace{,.*}',
        '**/*.{nims,hxml}',
        '**/{nim.cfg,*.nim.cfg,config.nims}',
        '**/{hardhat,truffle,truffle-config}.config.*',
        '**/{truffle.js,truffle-config.js,remappings.txt}',
      ],
    },
    {
      of: 'infrastructure',
      paths: [
        '**/pulumi{,.*}.{yml,yaml}',
        '**/cdk{,.context,tf}.json',
        '**/{serverless,sst.config,samconfig}.{yml,yaml,toml,ts}',
        '**/{ansible.cfg,atlantis.yaml,infracost.yml,spacelift.yml,terraspace.rb}',
        '**/.spacelift/**',
        '**/*.{tfvars,auto.tfvars}',
        // Merged over what the other files say.
        '**/{override,*_override}.tf{,.json}',
      ],
    },
  ],
};
