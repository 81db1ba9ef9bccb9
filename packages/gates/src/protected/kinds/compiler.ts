import type { ProtectedKind } from './protected-kind.js';

export const compiler: ProtectedKind = {
  what: 'compilers, which decide what is accepted and what is run in its place',
  steersChecks: 'by-file',
  entries: [
    // What was found right or compiled before stands there for what is checked and run now.
    {
      of: 'caches',
      paths: ['**/*.tsbuildinfo', '**/.{tsbuildinfo,swc,tsc-cache}{,/**}', '**/__pycache__/**', '**/*.{pyc,pyo}'],
    },
    { of: 'TypeScript', paths: ['**/{tsconfig,jsconfig}{,[.-]*}.json', '**/.tsimp/**'] },
    {
      of: 'JavaScript',
      paths: [
        '**/{.babelrc,.swcrc,.flowconfig,.browserslistrc,browserslist,.sucraserc,.esbuildrc,.terserrc,.postcssrc,.lessrc}{,.*}',
        '**/{babel,swc,postcss,metro,svelte,astro,tailwind,lightningcss}.config.*',
        '**/{bsconfig,rescript}.json',
        '**/{loader,register}.{mjs,cjs,mts}',
      ],
    },
    { of: 'Python', paths: ['**/{.numba_config.yaml,mypyc.ini,cython.cfg}'] },
    { of: 'Rust', paths: ['**/{build.rs,cbindgen.toml,miri.toml,cross.toml,.rustc*}'] },
    {
      of: 'Java, Kotlin',
      paths: [
        '**/{lombok.config,proguard*.pro,javac.options,kapt.properties}',
        '**/meta-inf/services/**',
        '**/meta-inf/gradle-plugins/**',
      ],
    },
    { of: 'Scala', paths: ['**/{.scala-options,scalac.options,scalac-plugin.xml}'] },
    { of: '.NET', paths: ['**/directory.build.{props,targets,rsp}', '**/*.{props,targets,rsp}'] },
    { of: 'C and C++', paths: ['**/{compile_flags.txt,compile_commands.json,.ccls,.clang_complete}', '**/*.{ld,lds}'] },
    { of: 'PHP', paths: ['**/{preload.php,opcache*.ini,.htaccess}'] },
    { of: 'Swift', paths: ['**/*.{xcconfig,entitlements,modulemap}'] },
    { of: 'Dart', paths: ['**/build{,.*}.{yml,yaml}'] },
    {
      of: 'Elixir, Erlang',
      paths: ['**/{rebar.config.script,emakefile,.erlang}', '**/vm.args{,.eex}', '**/rel/{env.sh,env.bat}{,.eex}'],
    },
    { of: 'Haskell', paths: ['**/{.ghci,hie.yaml,hie.yml}'] },
    { of: 'Julia', paths: ['**/startup.jl'] },
    { of: 'Lua', paths: ['**/{tlconfig.lua,.nelua*}', '**/.luaurc'] },

    {
      of: 'Protocol Buffers, OpenAPI, GraphQL',
      paths: [
        '**/{codegen,graphql.config,.graphqlrc,openapi-generator-config,openapitools,orval.config,sqlc}{,.*}.{yml,yaml,json,ts,js,mjs}',
        '**/.graphqlrc',
      ],
    },
  ],
};
