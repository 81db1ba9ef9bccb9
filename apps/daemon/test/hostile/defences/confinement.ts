import type { Defence } from './defence.js';
import { unnoticed, withoutArguments } from './removals.js';

/** Of what a command can reach on its machine. */
export const confinementDefences = {
  'empty-environment': {
    what: 'The environment inside is built from nothing',
    module: 'packages/sandbox/src/confine/minimal-environment.ts',
    proof: {
      exports: () => ({ minimalEnvironment: '(place) => ({ ...process.env, ...was(place) })' }),
      row: 'own-environment',
      breaks: ['ending', 'branch'],
    },
  },
  'own-processes': {
    what: 'A command sees its own processes alone, and all of them end with it',
    module: 'packages/sandbox/src/confine/bubblewrap-arguments.ts',
    proof: {
      exports: () => ({ bubblewrapArguments: withoutArguments('--unshare-pid') }),
      beside: [unnoticed],
      row: 'kill-the-daemon',
      breaks: ['daemon'],
    },
  },
  'listed-files': {
    what: 'Inside, only what is listed is there; only the checkout can be written',
    module: 'packages/sandbox/src/confine/mount-plan.ts',
    proof: {
      exports: ({ path }) => ({
        planMounts: `(policy) => was({ ...policy, writable: [...policy.writable, ${JSON.stringify(path)}] })`,
      }),
      beside: [unnoticed],
      row: 'home-of-the-daemon',
      breaks: ['branch', 'canary'],
    },
  },
  'covered-sockets': {
    what: 'Sockets of the host are covered in what may be read',
    module: 'packages/sandbox/src/confine/find-sockets.ts',
    proof: {
      exports: () => ({ findSockets: 'async () => []' }),
      beside: [unnoticed],
      row: 'socket-in-a-listed-directory',
      breaks: ['reached'],
    },
  },
  'base-history': {
    what: 'An agent sees the base’s history and its own, and no other job’s',
    module: 'packages/git-worktree/src/checkout/sandbox-policy.ts',
    proof: {
      exports: () => ({
        policyOf:
          '(layout, place, confinement) => { const policy = was(layout, place, confinement); const vault = layout.vault(place.repository); return { ...policy, readable: [...policy.readable, vault] }; }',
      }),
      row: 'work-of-other-jobs',
      breaks: ['branch'],
    },
  },
  'guarded-proc': {
    what: 'Settings of the kernel are read-only',
    module: 'packages/sandbox/src/confine/proc-guard.ts',
    proof: {
      exports: () => ({ guardProc: '() => []' }),
      beside: [unnoticed],
      row: 'kernel-settings',
      breaks: ['branch'],
    },
  },
  'no-namespaces': {
    what: 'All capabilities are dropped, and no further namespace can be made',
    module: 'packages/sandbox/src/confine/bubblewrap-arguments.ts',
    proof: {
      exports: () => ({ bubblewrapArguments: withoutArguments('--disable-userns') }),
      beside: [unnoticed],
      row: 'remount',
      breaks: ['branch'],
    },
  },
  limits: {
    what: 'Memory, processes and temporary space are limited, by default too',
    module: 'packages/sandbox/src/confine/command-limits.ts',
    proof: {
      exports: () => ({
        commandLimits: '() => ({ memoryBytes: 8 * 1024 ** 3, processes: 4096, temporaryBytes: 1024 ** 3 })',
      }),
      beside: [unnoticed],
      row: 'temporary-space',
      breaks: ['branch'],
    },
  },
  'own-home': {
    what: 'Home and temporary directories are new for each command',
    module: 'packages/sandbox/src/confine/mount-plan.ts',
    proof: {
      exports: ({ path }) => ({
        planMounts: `(policy) => was({ ...policy, writable: [...policy.writable, ${JSON.stringify(`${path}/tmp`)}] })`,
      }),
      beside: [
        {
          module: 'packages/sandbox/src/confine/minimal-environment.ts',
          exports: { minimalEnvironment: '(place) => ({ ...was(place), TMPDIR: process.env.TMPDIR })' },
        },
      ],
      row: 'carried-over',
      breaks: ['next-job'],
    },
  },
  'vault-out-of-reach': {
    what: 'The copy of the repository that the daemon’s git works with isn’t there inside; a checkout has a git directory of its own, which is never read outside',
    module: 'packages/git-worktree/src/checkout/sandbox-policy.ts',
    proof: {
      exports: () => ({
        policyOf:
          '(layout, place, confinement) => { const policy = was(layout, place, confinement); return { ...policy, writable: [...policy.writable, layout.vault(place.repository)] }; }',
      }),
      row: 'programs-for-git',
      breaks: ['branch'],
    },
  },
  'pinned-git': {
    what: 'The daemon’s git names its repository, and everything that could start a program is pinned',
    module: 'packages/git-worktree/src/git/git.ts',
    proof: {
      exports: () => ({
        createGit:
          '(options) => { const git = was(options); return (command, call) => git({ ...command, env: { GIT_CONFIG_COUNT: "0", ...command.env } }, call); }',
      }),
      row: 'programs-for-git-written',
      breaks: ['outside'],
      mode: 'off',
    },
  },
  'own-directories': {
    what: 'What a setup made is taken from directories of the checkout, and laid there, where no link leads',
    module: 'packages/git-worktree/src/setup/own-directory.ts',
    proof: {
      exports: () => ({ isOwnDirectory: 'async () => true' }),
      row: 'way-out-by-a-setup',
      breaks: ['outside'],
    },
  },
  'overlay-places': {
    what: 'A command’s overlays are mounted in the directories that they are for, and by no path',
    module: 'packages/sandbox/src/confine/overlay-command.ts',
    proof: {
      exports: () => ({
        overlayCommand:
          '(overlays, argv) => was(overlays, argv)?.map((each) => each.replace(\'[ "$(pwd -P)" = "$1" ]\', "true"))',
      }),
      beside: [
        {
          module: 'packages/git-worktree/src/setup/own-directory.ts',
          exports: { isOwnDirectory: 'async () => true' },
        },
      ],
      row: 'way-out-by-a-build',
      breaks: ['outside'],
    },
  },
} as const satisfies Readonly<Record<string, Defence>>;
