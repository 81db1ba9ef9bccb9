import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { BatonError, type WorkspaceView } from '@baton/core';
import { instructionCases } from './coding-agent-contract/instruction-cases.js';
import { type CodingAgentRig, checkpointOf, startSession, wanted } from './coding-agent-contract/rig.js';
import { beginTurn, checkShape, checkUsage, collect, endOf, unlimited } from './coding-agent-contract/turn.js';
import { type ContractCase, type ContractSuite, defineContract } from './contract.js';

const hourMs = 3_600_000;

const canHang: Pick<ContractCase<CodingAgentRig>, 'requires'> = {
  requires: { what: 'a way to make the agent hang', holds: (rig) => rig.prompts.hang !== null },
};

const canResume: Pick<ContractCase<CodingAgentRig>, 'requires'> = {
  requires: { what: 'an agent that can resume', holds: (rig) => rig.createAgent().resume !== undefined },
};

/** What every coding agent keeps to, whoever its model is. */
export const codingAgentContract: ContractSuite<CodingAgentRig> = defineContract<CodingAgentRig>('coding-agent', [
  {
    id: 'a-turn-begins-and-ends-once-and-its-edits-stand-in-the-workspace',
    async run(rig) {
      await using started = await startSession(rig);
      const limits = { ...unlimited, deadline: rig.clock.now() + hourMs };
      const events = await collect(started.session, rig.prompts.edit, limits);
      checkShape(events);
      assert.equal(endOf(events).outcome.unified, 'done');
      assert.equal(rig.clock.sleeping, 0, 'a timer was left behind');
      assert.equal(await textOf(rig.workspace, rig.edit.path), rig.edit.content);
    },
  },
  {
    id: 'usage-is-cumulative-and-what-is-unknown-is-null',
    async run(rig) {
      await using started = await startSession(rig);
      checkUsage(await collect(started.session, rig.prompts.edit), rig.edit.usage);
    },
  },
  {
    id: 'a-second-turn-counts-from-zero',
    async run(rig) {
      await using started = await startSession(rig);
      await collect(started.session, rig.prompts.edit);
      const events = await collect(started.session, rig.prompts.edit);
      checkShape(events);
      checkUsage(events, rig.edit.usage);
    },
  },
  {
    id: 'one-turn-at-a-time',
    ...canHang,
    async run(rig) {
      await using started = await startSession(rig);
      const first = beginTurn(started.session, wanted(rig.prompts.hang));
      await untilHanging(rig);
      await assert.rejects(collect(started.session, rig.prompts.edit), 'a second turn beside the first was let in');
      assert.equal(first.settled, false, 'the second turn ended the first');
      await first.iterator.return?.();
    },
  },
  {
    id: 'an-aborted-turn-rejects-with-the-reason-and-leaves-no-process',
    ...canHang,
    async run(rig) {
      await using started = await startSession(rig);
      const aborting = new AbortController();
      const turn = beginTurn(started.session, wanted(rig.prompts.hang), unlimited, aborting.signal);
      await untilHanging(rig);
      const reason = new Error('somebody changed their mind');
      aborting.abort(reason);
      await assert.rejects(turn.over, (error) => error === reason);
      await checkNothingRuns(rig);
      assert.equal(endOf(await collect(started.session, rig.prompts.edit)).outcome.unified, 'done');
    },
  },
  {
    id: 'an-aborted-signal-begins-nothing',
    async run(rig) {
      await using started = await startSession(rig);
      const reason = new Error('aborted before');
      const signal = AbortSignal.abort(reason);
      const isReason = (error: unknown): boolean => error === reason;
      await assert.rejects(collect(started.session, rig.prompts.edit, unlimited, signal), isReason);
      assert.equal(await rig.workspace.readFile(rig.edit.path), null);
      const request = { workspace: rig.workspace, instructions: '' };
      await assert.rejects(started.agent.start(request, { signal }), isReason);
    },
  },
  {
    id: 'ending-the-iteration-early-leaves-no-process',
    ...canHang,
    async run(rig) {
      await using started = await startSession(rig);
      const turn = beginTurn(started.session, wanted(rig.prompts.hang));
      await untilHanging(rig);
      await turn.iterator.return?.();
      await checkNothingRuns(rig);
    },
  },
  {
    id: 'a-passed-deadline-is-limit-reached-and-leaves-no-process',
    ...canHang,
    async run(rig) {
      await using started = await startSession(rig);
      const deadline = rig.clock.now() + hourMs;
      const turn = beginTurn(started.session, wanted(rig.prompts.hang), { ...unlimited, deadline });
      await untilHanging(rig);
      rig.clock.advance(hourMs - 1);
      await wait(0);
      assert.equal(turn.settled, false, 'the turn ended before its deadline');
      rig.clock.advance(1);
      const events = await turn.over;
      checkShape(events);
      assert.equal(endOf(events).outcome.unified, 'limit-reached');
      await checkNothingRuns(rig);
      assert.equal(rig.clock.sleeping, 0, 'a timer was left behind');
    },
  },
  {
    id: 'closing-ends-a-turn-under-way-and-may-be-done-twice',
    ...canHang,
    async run(rig) {
      await using started = await startSession(rig);
      const turn = beginTurn(started.session, wanted(rig.prompts.hang));
      await untilHanging(rig);
      await started.session.close();
      await checkNothingRuns(rig);
      await turn.over.catch(() => {});
      await started.session.close();
      await assert.rejects(collect(started.session, rig.prompts.edit), 'a closed session took another turn');
    },
  },
  {
    id: 'a-failure-is-a-turn-end-and-not-an-exception',
    requires: { what: 'a way to make the agent fail', holds: (rig) => rig.prompts.fail !== null },
    async run(rig) {
      await using started = await startSession(rig);
      const events = await collect(started.session, wanted(rig.prompts.fail));
      checkShape(events);
      const { unified, raw } = endOf(events).outcome;
      assert.ok(unified === 'failed' || unified === 'unavailable', `a failure was told as ${unified}`);
      assert.notEqual(raw, '', "the provider's own word is missing");
      await checkNothingRuns(rig);
    },
  },
  {
    id: 'a-question-is-needs-person-and-stands-in-the-summary',
    requires: { what: 'a way to make the agent ask', holds: (rig) => rig.prompts.ask !== null },
    async run(rig) {
      await using started = await startSession(rig);
      const end = endOf(await collect(started.session, wanted(rig.prompts.ask)));
      assert.equal(end.outcome.unified, 'needs-person');
      assert.notEqual(end.summary.trim(), '');
    },
  },
  {
    id: 'nothing-is-written-outside',
    requires: { what: 'a way to make the agent write outside', holds: (rig) => rig.prompts.escape !== null },
    async run(rig) {
      await using started = await startSession(rig);
      checkShape(await collect(started.session, wanted(rig.prompts.escape)));
      assert.equal(await rig.escaped(), false);
    },
  },
  {
    id: 'a-checkpoint-is-small-json-without-secrets',
    ...canResume,
    async run(rig) {
      await using started = await startSession(rig);
      const state = checkpointOf(await collect(started.session, rig.prompts.edit));
      const text = JSON.stringify(state);
      assert.deepEqual(JSON.parse(text), state);
      assert.ok(text.length <= 16_384, `a checkpoint of ${text.length} characters`);
      assert.equal(state.agent, started.agent.id);
    },
  },
  {
    id: 'another-process-goes-on-from-a-checkpoint-and-charges-nothing-twice',
    ...canResume,
    async run(rig) {
      const { session, agent } = await startSession(rig);
      const state = checkpointOf(await collect(session, rig.prompts.edit));
      await session.close();
      await agent.close?.();
      await using resumed = await startSession(rig, JSON.parse(JSON.stringify(state)));
      const events = await collect(resumed.session, rig.prompts.edit);
      checkShape(events);
      assert.equal(endOf(events).outcome.unified, 'done');
      checkUsage(events, rig.edit.usage);
    },
  },
  {
    id: 'a-checkpoint-of-another-agent-or-version-is-refused',
    ...canResume,
    async run(rig) {
      const agent = rig.createAgent();
      const strangers = [
        { agent: 'nobody-we-know', version: 1, data: {} },
        { agent: agent.id, version: 1_000_000, data: {} },
      ];
      for (const state of strangers) {
        await assert.rejects(startSession(rig, state), (error) => BatonError.is(error));
      }
    },
  },
  ...instructionCases,
  {
    id: 'no-event-holds-a-secret',
    async run(rig) {
      await using started = await startSession(rig);
      const events = JSON.stringify(await collect(started.session, rig.prompts.edit));
      const told = rig.secrets.findIndex((secret) => events.includes(secret));
      assert.equal(told, -1, `secret number ${told} stands in an event`);
    },
  },
]);

async function untilHanging(rig: CodingAgentRig): Promise<void> {
  while ((await rig.workspace.readFile('hanging')) === null) await wait(10);
}

async function checkNothingRuns(rig: CodingAgentRig): Promise<void> {
  assert.deepEqual(await rig.processes(), [], 'something that the agent began still runs');
}

async function textOf(workspace: WorkspaceView, path: string): Promise<string | null> {
  const bytes = await workspace.readFile(path);
  return bytes && new TextDecoder().decode(bytes);
}
