import type { ProtectedKind } from './protected-kind.js';

export const environment: ProtectedKind = {
  what: 'variables that shells, tests and servers are started with',
  steersChecks: 'by-file',
  entries: [
    {
      of: 'dotenv',
      paths: [
        '**/.env',
        '**/.env.!(example|sample|template|dist|defaults.example)',
        '**/.flaskenv',
        '**/.test.env',
        '**/test.env',
      ],
    },
    {
      of: 'direnv, shadowenv, autoenv',
      paths: ['**/.envrc', '**/.envrc.*', '**/.direnv/**', '**/.shadowenv.d/**', '**/.autoenv{,.zsh}'],
    },
    { of: 'shells', paths: ['**/{.bashrc,.bash_profile,.profile,.zshrc,.zshenv,.zprofile,.inputrc}'] },
  ],
};
