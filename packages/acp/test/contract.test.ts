import { collectTurn } from '@baton/agent-kit/testing';
import { codingAgentContract, createManualClock } from '@baton/conformance';
import { describe, expect, it } from 'vitest';
import { createScene, editUsage, realKey } from './scene.js';

describe('an agent of the Agent Client Protocol', () => {
  codingAgentContract(it, async () => {
    const scene = await createScene();
    const clock = createManualClock();
    return {
      workspace: scene.workspace.view,
      clock,
      createAgent: () => scene.agent('none', { clock }),
      prompts: {
        ...{ edit: 'deed: edit', fail: 'deed: novel', hang: 'deed: hang', ask: 'deed: question' },
        ...{ escape: null, enter: 'deed: enter' },
      },
      edit: { path: 'edited.txt', content: 'edited\n', usage: editUsage },
      secrets: [realKey],
      asked: scene.model.asked,
      processes: scene.workspace.processes,
      escaped: async () => false,
      dispose: scene.dispose,
    };
  });

  it('leaves no part of a secret that it said in pieces, where the summary is cut', async () => {
    const scene = await createScene();
    try {
      const mask = (text: string): string => text.replaceAll(`tk-${'4f9a8c7e6d5b'.repeat(4)}`, '[SECRET]');
      const session = await scene.agent('none', { mask }).start({ workspace: scene.workspace.view, instructions: '' });
      const { end } = await collectTurn(session, 'deed: secret');
      expect(end.summary).toContain('000');
      expect(end.summary).not.toContain('6d5b4f9a');
    } finally {
      await scene.dispose();
    }
  });

  it('tells what it asked of its model and was not given', async () => {
    const scene = await createScene();
    try {
      const session = await scene.agent().start({ workspace: scene.workspace.view, instructions: '' });
      const { end } = await collectTurn(session, 'deed: reach');
      expect(end.refused).toEqual([{ what: 'web_search_options', count: 1 }]);
    } finally {
      await scene.dispose();
    }
  });
});
