/**
 * What decides how the repository is checked, built or kept: a change that weakens one of these can make any
 * check pass. Patterns of picomatch, dot files included. Scripts of `package.json` and the sections of
 * `pyproject.toml` that steer tests are compared by content: see `manifest-settings.ts`.
 */
export const defaultProtectedPaths: readonly string[] = [
  // Continuous integration.
  '.github/**',
  '.gitlab-ci.yml',
  '.gitlab/**',
  '.forgejo/**',
  '.gitea/**',
  '.circleci/**',
  '.buildkite/**',
  '.woodpecker/**',
  '.woodpecker.{yml,yaml}',
  '.drone.yml',
  '.travis.yml',
  '.cirrus.yml',
  'appveyor.yml',
  'azure-pipelines.yml',
  'bitbucket-pipelines.yml',
  'cloudbuild.{yml,yaml}',
  'Jenkinsfile',
  // What git makes of the repository.
  '**/.gitattributes',
  '.gitmodules',
  // Test runners.
  '**/{vitest,vite,jest,ava,karma,playwright,cypress,wdio}.{config,conf,setup,workspace}.*',
  '**/.mocharc*',
  '**/.taprc',
  '**/{.nycrc,.c8rc}*',
  '**/bunfig.toml',
  '**/{pytest,.pytest,tox}.{ini,toml}',
  '**/conftest.py',
  '**/setup.cfg',
  '**/noxfile.py',
  '**/.coveragerc',
  '**/phpunit.xml*',
  '**/.rspec',
  '**/.config/nextest.toml',
  // Task runners that checks are started by.
  '**/{GNUmakefile,Makefile,makefile}',
  '**/{justfile,Justfile,.justfile}',
  '**/{taskfile,Taskfile}.{yml,yaml}',
  '**/Rakefile',
];
