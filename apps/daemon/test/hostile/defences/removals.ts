import type { Removal } from './defence.js';

/** Else `required` would refuse to run anything in a sandbox that was opened. */
export const unnoticed: Removal = {
  module: 'packages/sandbox/src/measure/measure.ts',
  exports: {
    measure:
      '() => ({ usable: true, complete: true, report: { files: "enforced", network: "enforced", processes: "enforced", memory: "enforced", detail: "" } })',
  },
};

/** `bubblewrapArguments` without these. */
export const withoutArguments = (...names: string[]): string =>
  `(request) => was(request).filter((each, at, all) => !${JSON.stringify(names)}.includes(each))`;
