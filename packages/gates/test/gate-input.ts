import type { GateInput, VerifyCheckout } from '@baton/core';

/** What a gate is asked with where nothing but the checkout matters. */
export function gateInput(checkout: VerifyCheckout, more: Partial<GateInput> = {}): GateInput {
  return {
    brief: {
      trigger: { kind: 'label', actor: { id: '1', login: 'maintainer', kind: 'person' }, at: 0 },
      title: 'Mend it',
      body: '',
      comments: [],
      laterEdits: [],
    },
    changes: [],
    diff: '',
    baseCommit: 'b'.repeat(40),
    tree: 'a'.repeat(40),
    baseline: [],
    checkout,
    async readText(path) {
      const bytes = await checkout.readFile(path);
      return bytes === null ? null : new TextDecoder().decode(bytes);
    },
    listPaths: async () => [],
    ...more,
  };
}
