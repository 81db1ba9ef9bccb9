import type { ProtectedKind } from './protected-kind.js';

export const hooks: ProtectedKind = {
  what: "git hooks, which run on a developer's machine",
  steersChecks: 'by-file',
  entries: [
    { of: 'Husky', paths: ['**/.husky/**', '**/.huskyrc*', '**/husky.config.*'] },
    {
      of: 'Lefthook',
      paths: [
        '**/{lefthook,.lefthook,lefthook-local,.lefthook-local}.{yml,yaml,toml,json}',
        '**/.lefthook/**',
        '**/.lefthook-local/**',
        '.config/lefthook*',
      ],
    },
    {
      of: 'pre-commit',
      paths: ['**/.pre-commit-config.{yml,yaml}', '**/.pre-commit-hooks.{yml,yaml}', '**/prek.toml'],
    },
    {
      of: 'lint-staged, simple-git-hooks',
      paths: [
        '**/{.lintstagedrc,lint-staged.config}*',
        '**/{.simple-git-hooks,simple-git-hooks}.*',
        '**/.nano-staged.*',
        '**/nano-staged.*',
      ],
    },
    {
      of: 'Overcommit, CaptainHook, GrumPHP',
      paths: [
        '**/.overcommit.yml',
        '**/.git-hooks/**',
        '**/captainhook.json',
        '**/grumphp.{yml,yaml}',
        '**/grumphp.{yml,yaml}.dist',
      ],
    },
    {
      of: 'git',
      paths: [
        '**/{.githooks,githooks,git-hooks,.hooks}/**',
        'hooks/{pre-*,post-*,commit-msg,prepare-commit-msg,update}',
      ],
    },
    { of: 'Dart, Rust, .NET', paths: ['**/git_hooks.dart', '.cargo-husky/**', '.husky.toml', '**/task-runner.json'] },
  ],
};
