import type { ProtectedKind } from './protected-kind.js';

export const git: ProtectedKind = {
  what: "git's own settings, which decide what a checkout holds and where code is fetched from",
  steersChecks: 'by-file',
  entries: [
    { of: 'git', paths: ['**/.gitattributes', '**/.gitmodules', '**/.gitconfig', '**/.git-blame-ignore-revs'] },
    { of: 'Git LFS, git-crypt, git-annex', paths: ['**/.lfsconfig', '.git-crypt/**', '**/.sops.{yml,yaml}'] },
    { of: 'Mercurial, Subversion, Jujutsu', paths: ['**/.hg/**', '**/.hgrc', '**/.svn/**', '**/.jj/**'] },
  ],
};
