import type { ProtectedKind } from './protected-kind.js';

export const owners: ProtectedKind = {
  what: 'who owns and merges code, which decides whose review is asked for',
  steersChecks: 'no',
  entries: [
    { of: 'GitHub, GitLab, Gitea', paths: ['**/codeowners'] },
    { of: 'Kubernetes', paths: ['**/owners', '**/owners_aliases', '**/security_contacts'] },
    {
      of: 'merge bots',
      paths: [
        '.mergify.{yml,yaml}',
        '.mergify/**',
        '.kodiak.toml',
        '.bulldozer.{yml,yaml}',
        '.pullapprove.{yml,yaml}',
        '.policy.{yml,yaml}',
        '.lgtm',
        '.prlint.json',
        'bors.toml',
        '.mergequeue/**',
        '.aviator/**',
      ],
    },
    { of: 'Gerrit, Phabricator', paths: ['project.config', '.arcconfig', '.arclint', '.gitreview'] },
  ],
};
