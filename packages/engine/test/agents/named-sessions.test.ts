import type { AgentEvent, AgentSession, CodingAgent } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { renderTimeline } from '../../src/index.js';
import { createRelay, fix } from '../relay.js';

/** The same agent, whose checkpoints bear such a name; `silent`: it then says nothing more. */
function naming(agent: CodingAgent, session: string | undefined, silent = false): CodingAgent {
  const rename = (event: AgentEvent): AgentEvent => {
    if (event.type !== 'checkpoint') return event;
    const { session: _own, ...state } = event.state;
    return { ...event, state: session === undefined ? state : { ...state, session } };
  };
  return {
    ...agent,
    async start(...request) {
      const inner: AgentSession = await agent.start(...request);
      return {
        ...inner,
        async *run(...turn) {
          for await (const event of inner.run(...turn)) {
            yield rename(event);
            if (silent && event.type === 'checkpoint') await new Promise(() => {});
          }
        },
      };
    },
  };
}

async function workLines(session: string | undefined, silent = false): Promise<readonly string[]> {
  const relay = createRelay(fix);
  relay.source.seed({ labels: ['baton'] });
  const [first] = relay.project.agents;
  if (first === undefined) throw new Error('no agent');
  const agents = [{ ...first, agent: naming(first.agent, session, silent) }] as const;
  const limits = { ...relay.project.limits, attempts: 1 };
  const baton = relay.create({ projects: [{ ...relay.project, agents, limits }] });
  await relay.drive(baton.runOnce());
  await baton.stop();
  const journal = await Array.fromAsync(relay.store.journal((await relay.job()).id, 0));
  return renderTimeline(journal).flatMap(({ step, detail }) => (step === 'work' ? [detail] : []));
}

describe("an agent's own name for its session", () => {
  it('stands in the story of the job', async () => {
    expect(await workLines('5f2c1c2e-6d1f')).toEqual([expect.stringMatching(/ · session 5f2c1c2e-6d1f$/)]);
  });

  it('stands there of a turn that was ended because nothing more was said, too', async () => {
    expect(await workLines('5f2c1c2e-6d1f', true)).toEqual([
      expect.stringMatching(/failed \(stalled\) .* · session 5f2c1c2e-6d1f$/),
    ]);
  });

  it.each([undefined, '', 'two words', '<b>', 'x'.repeat(101)])(
    'is left out where it is no plain one: %j',
    async (name) => {
      const [line] = await workLines(name);
      expect(line).toContain('done');
      expect(line).not.toContain('session');
    },
  );
});
