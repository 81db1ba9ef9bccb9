import { dirname } from 'node:path';
import { sandboxContract, shellProgram } from '@baton/conformance';
import { describe, it } from 'vitest';
import { findSocat } from '../src/confine/entry-script.js';
import { createBubblewrapSandbox } from '../src/index.js';
import { countProcesses, createScene, sandbox, unconfined } from './scene.js';

process.env['SANDBOX_CANARY'] = 'sandbox-canary-9f1b';
const off = createBubblewrapSandbox({ mode: 'off' });

for (const [mode, subject] of Object.entries({ required: sandbox, off })) {
  describe(unconfined === null || mode === 'off' ? mode : `${mode}, where ${unconfined}`, () => {
    sandboxContract(mode === 'off' ? it : it.skipIf(unconfined !== null), async () => {
      const { root, outside, dispose } = await createScene();
      return {
        sandbox: subject,
        report: await subject.measure(),
        canOverlay: (await subject.canOverlay?.(dirname(root))) ?? false,
        canNameHosts: findSocat() !== null,
        root,
        outside,
        canary: { name: 'SANDBOX_CANARY', value: 'sandbox-canary-9f1b' },
        program: shellProgram,
        countProcesses,
        dispose,
      };
    });
  });
}
