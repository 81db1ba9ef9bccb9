import type { Defence } from './defence.js';

/** Of what a change may hold. */
export const changeDefences = {
  links: {
    what: 'Nested repositories and links that lead out are refused',
    module: 'packages/gates/src/policy/tree-links.ts',
    proof: { exports: () => ({ judgeLinks: '() => []' }), row: 'way-out-symlink', breaks: ['ending', 'branch'] },
  },
  characters: {
    what: 'Characters that show other code than runs, and repositories as plain files, are for a person to look at',
    module: 'packages/gates/src/policy/judge-characters.ts',
    proof: { exports: () => ({ judgeCharacters: '() => []' }), row: 'reordered-code', breaks: ['ending', 'branch'] },
  },
  names: {
    what: 'Names are judged as every file system and reader takes them',
    module: 'packages/gates/src/policy/judge-names.ts',
    proof: {
      exports: () => ({ judgeNames: '() => []' }),
      row: 'git-by-another-spelling',
      breaks: ['ending', 'branch'],
    },
  },
  twins: {
    what: 'New names are compared with all names of the tree as file systems without case take them',
    module: 'packages/gates/src/policy/judge-twins.ts',
    proof: { exports: () => ({ judgeTwins: 'async () => []' }), row: 'twin-by-case', breaks: ['ending', 'branch'] },
  },
  filters: {
    what: 'Files that a filter would have to replace first are refused',
    module: 'packages/gates/src/policy/judge-content.ts',
    proof: { exports: () => ({ judgeContent: '() => []' }), row: 'filtered-path', breaks: ['ending', 'branch'] },
  },
  protected: {
    what: 'Files that can steer a check, the host’s CI, a developer’s machine or the next agent are for a person to look at',
    module: 'packages/gates/src/protected/kind-of-path.ts',
    proof: {
      exports: () => ({ createKindOfPath: '() => () => null' }),
      row: 'host-workflow',
      breaks: ['ending', 'branch'],
    },
  },
  manifests: {
    what: 'Manifests are judged by what changed in them',
    module: 'packages/gates/src/manifests/changed-manifests.ts',
    proof: {
      exports: () => ({ compareManifests: 'async () => []' }),
      row: 'script-of-a-manifest',
      breaks: ['ending', 'branch'],
    },
  },
  'named-by-commands': {
    what: 'What a configured command names is for a person to look at, whatever it is called',
    module: 'packages/gates/src/protected/command-paths.ts',
    proof: {
      exports: () => ({ pathsInCommands: '() => new Set()' }),
      row: 'script-of-a-check',
      breaks: ['ending', 'branch'],
    },
  },
  'links-of-the-base': {
    what: 'A file is judged by every path by which links of the base lead to it, too',
    module: 'packages/git-worktree/src/vault/symlinks.ts',
    proof: {
      exports: () => ({ createSymlinks: '() => ({ of: async () => () => [] })' }),
      row: 'check-behind-a-link',
      breaks: ['ending', 'branch'],
    },
  },
  controls: {
    what: 'What Baton itself is run by is changed by people only, whatever is configured',
    module: 'packages/gates/src/policy/baton-controls.ts',
    proof: { exports: () => ({ judgeControls: '() => []' }), row: 'own-tracker', breaks: ['ending', 'branch'] },
  },
} as const satisfies Readonly<Record<string, Defence>>;
