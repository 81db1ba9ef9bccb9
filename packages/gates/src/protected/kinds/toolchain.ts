import type { ProtectedKind } from './protected-kind.js';

export const toolchain: ProtectedKind = {
  what: 'which versions of compilers and runtimes are used',
  steersChecks: 'by-setup',
  entries: [
    {
      of: 'version managers',
      paths: [
        '**/{.tool-versions,mise.toml,.mise.toml,.rtx.toml,.prototools,.sdkmanrc,.vfox.toml}',
        '**/{,.}mise.*.toml',
        '**/{mise-tasks,.mise-tasks}/**',
        'mise/**',
        '**/.mise/**',
        '.config/mise.toml',
        '.config/mise/**',
        '**/.asdfrc',
      ],
    },
    {
      of: 'JavaScript',
      paths: ['**/{.nvmrc,.node-version,.naverc,.nodenv-version,.bun-version,.dvmrc,.deno-version}'],
    },
    { of: 'Python', paths: ['**/{.python-version,runtime.txt,.pythonversion}', '**/.python-versions'] },
    { of: 'Ruby', paths: ['**/{.ruby-version,.ruby-gemset,.rvmrc,.rbenv-gemsets}'] },
    { of: 'Rust', paths: ['**/{rust-toolchain,rust-toolchain.toml}'] },
    { of: 'Go', paths: ['**/{.go-version,.gvmrc}'] },
    { of: 'Java, Scala', paths: ['**/{.java-version,system.properties,toolchains.xml}'] },
    { of: '.NET', paths: ['**/global.json'] },
    { of: 'PHP', paths: ['**/{.php-version,.phpenv-version,php.ini,.user.ini}'] },
    { of: 'Swift', paths: ['**/{.swift-version,.xcode-version,.xcodes-version}'] },
    { of: 'Dart', paths: ['**/{.fvmrc,.flutter-version,.puro.json}', '**/.fvm/**'] },
    { of: 'Elixir, Erlang', paths: ['**/{.exenv-version,.elixir-version,.erlang-version,elixir_buildpack.config}'] },
    { of: 'Perl', paths: ['**/.perl-version'] },
    { of: 'R', paths: ['**/.rversion'] },
    { of: 'Julia', paths: ['**/.julia-version'] },
    { of: 'Lua', paths: ['**/{.lua-version,.luaenv-version}'] },
    { of: 'Zig', paths: ['**/{.zigversion,.zig-version}'] },
    {
      of: 'Terraform',
      paths: ['**/{.terraform-version,.tofu-version,.terragrunt-version,.tfswitchrc,.tfswitch.toml}'],
    },
    {
      of: 'Nix',
      paths: [
        '**/{flake,shell,default,devenv,devshell,treefmt}.nix',
        '**/devenv.{yml,yaml}',
        '**/devbox.json',
        '**/devbox.d/**',
        '**/.guix*',
        '**/{manifest,guix}.scm',
        '**/.envrc.nix',
      ],
    },
    {
      of: 'C and C++',
      paths: ['**/*toolchain*.cmake', '**/{cross,native}*.ini', '**/.bazelversion', '**/{.bazeliskrc,.cmake-version}'],
    },
    { of: 'Haskell', paths: ['**/{.ghc-version,.ghcup}'] },
    { of: 'Clojure', paths: ['**/.clojure-version'] },
  ],
};
