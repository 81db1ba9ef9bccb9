import type { Defence } from './defence.js';

/** Of secrets in what leaves. */
export const secretDefences = {
  'held-secrets': {
    what: 'Every secret that the daemon holds is searched for in all that is about to leave, in many encodings',
    module: 'packages/gates/src/leaks/secret-needles.ts',
    proof: {
      exports: () => ({ needlesOf: '() => []' }),
      row: 'secret-in-a-file',
      breaks: ['ending', 'branch', 'canary'],
    },
  },
  'masked-output': {
    what: 'Known secrets are masked in what commands print, before anybody keeps a part of it',
    module: 'apps/daemon/src/wire/masked-sandbox.ts',
    proof: {
      exports: () => ({ createMaskedSandbox: '(sandbox) => sandbox' }),
      beside: [
        { module: 'apps/daemon/src/wire/masked-store.ts', exports: { createMaskedStore: '(store) => store' } },
        { module: 'apps/daemon/src/wire/masked-adapters.ts', exports: { maskAgent: '(agent) => agent' } },
      ],
      row: 'secret-in-words',
      breaks: ['canary'],
    },
  },
  'masked-store': {
    what: 'Known secrets are masked before anything is stored, and so in all that is told of a job later',
    module: 'apps/daemon/src/wire/masked-store.ts',
    proof: {
      exports: () => ({ createMaskedStore: '(store) => store' }),
      beside: [{ module: 'apps/daemon/src/wire/masked-adapters.ts', exports: { maskSource: '(source) => source' } }],
      row: 'secret-in-the-issue',
      breaks: ['canary'],
    },
  },
  'split-secrets': {
    what: 'Secrets are found where they were split, too',
    module: 'packages/gates/src/leaks/text-views.ts',
    proof: {
      exports: () => ({ viewsOf: '(text) => was(text).filter(({ reading }) => reading === null)' }),
      row: 'secret-split',
      breaks: ['ending', 'branch'],
    },
  },
  'known-shapes': {
    what: 'What looks like a key is found by its shape',
    module: 'packages/gates/src/leaks/known-shapes.ts',
    proof: {
      exports: () => ({ findKnownShapes: 'async () => []' }),
      row: 'secret-by-its-shape',
      breaks: ['ending', 'branch'],
    },
  },
} as const satisfies Readonly<Record<string, Defence>>;
