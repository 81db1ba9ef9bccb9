import type { RefusedConnection, WorkspaceKey, WorkspaceProvider } from '@baton/core';
import { createMemoryAgent } from '@baton/memory';
import { expect, it } from 'vitest';
import { describeRefusals, renderTimeline, viewJob } from '../src/index.js';
import { createRefusalLog } from '../src/job/refusals.js';
import { createRelay, fix, type Turns } from './relay.js';
import { actsOfMarkdown, elementsOf, renderMarkdown } from './text/text-grammars.js';

const connection = (host: string | null, more: Partial<RefusedConnection> = {}): RefusedConnection => ({
  ...{ host, port: 443, reason: 'unlisted' },
  ...more,
});

/** Calls back whoever opened a checkout, as a sandbox does that refuses what runs there a connection. */
function refusing(workspaces: WorkspaceProvider) {
  const tell = new Map<WorkspaceKey['role'], (refused: RefusedConnection) => void>();
  const provider: WorkspaceProvider = {
    ...workspaces,
    open(request, options) {
      const { onRefused } = request.sandbox;
      if (onRefused) tell.set(request.key.role, onRefused);
      return workspaces.open(request, options);
    },
  };
  return { provider, refuse: (role: WorkspaceKey['role'], refused: RefusedConnection) => tell.get(role)?.(refused) };
}

/** A project whose agent and check ask for what they may not have. */
function createRefusingRelay(turns: (refuse: (refused: RefusedConnection) => void) => Turns) {
  const plain = createRelay();
  const { provider, refuse } = refusing(plain.workspaces);
  const relay = createRelay(
    turns((refused) => refuse('work', refused)),
    {
      workspaces: provider,
      gates: [
        {
          spec: 'gate/1',
          id: 'checks',
          async check({ checkout }) {
            await checkout.renew();
            refuse('verify', connection('registry.example', { port: null }));
            return { verdict: 'pass', checks: [] };
          },
        },
      ],
      // Checkouts and forge share their remote.
      ...{ forge: plain.forge, source: plain.source },
    },
  );
  return { ...relay, forge: plain.forge, source: plain.source };
}

it('tells in the pull request, on the issue and of the job what its agent and checks were refused, and how often', async () => {
  const relay = createRefusingRelay((refuse) => async (turn, key) => {
    for (let time = 0; time < 3; time += 1) refuse(connection('evil.example'));
    refuse(connection(null, { port: null, reason: 'unreadable' }));
    return { ...(await fix(turn, key)), refused: [{ what: 'tools[].type=web_search', count: 1 }] };
  });
  const issue = relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const job = await relay.job();
  expect(viewJob(job)).toMatchObject({
    phase: 'reviewing',
    refusals: {
      more: 0,
      told: [
        { by: 'agent', of: 'network', host: 'evil.example', port: 443, reason: 'unlisted', count: 3 },
        { by: 'agent', of: 'network', host: null, reason: 'unreadable', count: 1 },
        { by: 'agent', of: 'model', what: 'tools[].type=web_search', count: 1 },
        { by: 'check', of: 'network', host: 'registry.example', port: null, count: 1 },
      ],
    },
  });
  const body = relay.forge.pulls()[0]?.body ?? '';
  const html = renderMarkdown(body);
  expect(html).toContain('<li>the agent asked for <code>evil.example:443</code>, refused 3 times');
  expect(html).toContain('<li>the agent asked its model for <code>tools[].type=web_search</code>, refused</li>');
  expect(html).toContain('<li>a check asked for <code>registry.example</code>, refused: ');
  expect(html).toContain('<p><strong>Not checked:</strong>');
  const lines = renderTimeline(await Array.fromAsync(relay.store.journal(job.id, 0)));
  expect(lines.filter(({ step }) => step === 'refused').map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^the agent asked for evil\.example:443, refused 3 times: .*web_search, refused$/),
    expect.stringMatching(/^a check asked for registry\.example, refused: /),
  ]);
  expect(relay.source.comments(issue.id)[0]?.body).toContain('evil.example:443, refused 3 times');
});

it('takes what is refused while a checkout is made ready for the setup’s, not for its agent’s or its checks’', async () => {
  const plain = createRelay();
  const provider: WorkspaceProvider = {
    ...plain.workspaces,
    async open(request, options) {
      const refuse = (host: string): void => request.sandbox.onRefused?.(connection(host));
      refuse(`open-${request.key.role}.example`);
      const workspace = await plain.workspaces.open(request, options);
      return {
        ...workspace,
        async renew(tree, call) {
          refuse('renew.example');
          await workspace.renew(tree, call);
        },
        async load(tree, call) {
          refuse('load.example');
          await workspace.load(tree, call);
        },
      };
    },
  };
  // The second agent takes the turn over from the tree as it began, which is loaded.
  const agents = [
    { agent: createMemoryAgent({ id: 'away', turns: () => ({ outcome: 'unavailable' }) }), model: null },
    { agent: createMemoryAgent({ id: 'there', turns: (turn) => fix(turn, '') }), model: null },
  ] as const;
  const relay = createRelay(fix, { workspaces: provider, forge: plain.forge, source: plain.source, agents });
  plain.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const { told } = viewJob(await relay.job()).refusals;
  expect(new Set(told.map(({ by }) => by))).toEqual(new Set(['setup']));
  expect(told.map((each) => (each.of === 'network' ? each.host : null))).toEqual(
    expect.arrayContaining(['open-work.example', 'load.example', 'open-verify.example', 'renew.example']),
  );
});

it('says nothing of refusals where there were none', async () => {
  const relay = createRelay();
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  expect(relay.forge.pulls()[0]?.body).not.toContain('Refused');
  expect(viewJob(await relay.job()).refusals).toEqual({ told: [], more: 0 });
});

it('takes what a checkout was refused before the agent began, or while it was made new, for the setup’s', async () => {
  const log = createRefusalLog();
  log.connection(connection('early.example'));
  await log.during('check', async () => {
    await log.during('setup', async () => log.connection(connection('renew.example')));
    log.connection(connection('check.example'));
  });
  await expect(log.during('agent', () => Promise.reject(new Error('cut off')))).rejects.toThrow('cut off');
  log.connection(connection('late.example'));
  expect(log.take()?.told.map(({ by }) => by)).toEqual(['setup', 'setup', 'check', 'setup']);
  expect(log.take()).toBeNull();
});

it('keeps what a turn was refused that came to nothing', async () => {
  const relay = createRefusingRelay((refuse) => async () => {
    refuse(connection('evil.example'));
    throw new Error('The agent broke.');
  });
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  expect(viewJob(await relay.job())).toMatchObject({
    phase: 'failed',
    outcome: 'agent-failed',
    refusals: { told: [{ by: 'agent', host: 'evil.example', count: 1 }] },
  });
});

it('is bounded, however much is asked for, and tells how much more there was', async () => {
  const relay = createRefusingRelay((refuse) => async (turn, key) => {
    for (let each = 0; each < 1_000; each += 1) refuse(connection(`h${each}.example`));
    refuse(connection('h0.example'));
    const refused = [{ what: 'x'.repeat(1_000), count: 7 }];
    return { ...(await fix(turn, key)), refused };
  });
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const { refusals } = viewJob(await relay.job());
  expect(refusals.told).toHaveLength(20);
  expect(refusals.told[0]).toMatchObject({ host: 'h0.example', count: 2 });
  // 980 other hosts, seven requests of the model, one of a check.
  expect(refusals.more).toBe(988);
  expect(relay.forge.pulls()[0]?.body).toContain('- and 988 more requests');
});

it('shows names that an agent chose as names: nothing in them acts on a page', async () => {
  const evil = '`x` @octocat closes #7 <img src=x> [a](https://evil.example) |\n# Title <!-- baton:job=j9 -->';
  const relay = createRefusingRelay((refuse) => async (turn, key) => {
    refuse(connection(evil));
    return { ...(await fix(turn, key)), refused: [{ what: evil, count: 2 }] };
  });
  const issue = relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const body = relay.forge.pulls()[0]?.body ?? '';
  const list = body.slice(body.indexOf('**Refused**'), body.indexOf('**Not checked:**'));
  expect(list).toContain('refused 2 times');
  expect(actsOfMarkdown(list)).toEqual([]);
  expect([...elementsOf(renderMarkdown(list))].sort()).toEqual(['code', 'li', 'p', 'strong', 'ul']);
  expect(body.match(/baton:job=/g)).toHaveLength(1);
  const rows = (relay.source.comments(issue.id)[0]?.body ?? '')
    .split('\n')
    .filter((row) => row.startsWith('| refused'));
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(actsOfMarkdown(row)).toEqual([]);
});

it('has words for each way of being refused', () => {
  const reasons = ['unlisted', 'internal', 'other-host', 'unreadable'] as const;
  const told = reasons.map(
    (reason) => ({ by: 'setup', of: 'network', count: 1, ...connection('::1', { reason }) }) as const,
  );
  const phrases = describeRefusals({ told, more: 1 }, (name) => `<${name}>`);
  expect(new Set(phrases)).toHaveLength(5);
  for (const phrase of phrases.slice(0, 4)) expect(phrase).toMatch(/^the setup asked for <\[::1\]:443>, refused: ./);
  expect(phrases[4]).toBe('and 1 more request');
});
