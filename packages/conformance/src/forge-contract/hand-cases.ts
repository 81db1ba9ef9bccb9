import assert from 'node:assert/strict';
import { topicMarker } from '@baton/core';
import type { ContractCase } from '../contract.js';
import { findActorCases } from '../find-actor-cases.js';
import { type ForgeRig, openByBaton } from './rig.js';

/** Whose hand it was: a person's, a bot's or Baton's own. Only by that the engine tells what asks for another round. */
export const forgeHandCases: readonly ContractCase<ForgeRig>[] = [
  {
    id: 'hands-batons-own-words-are-no-feedback-marked-or-not',
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      await rig.comment(id, rig.self, { body: 'By hand, from the same account.' });
      await rig.comment(id, rig.self, { body: `${topicMarker('review')}\nWorking.` });
      await rig.comment(id, rig.self, { body: 'Change it.', path: 'app.ts', line: 1 });
      const [observation] = await forge.observe([{ id, cursor: null }]);
      assert.deepEqual(observation?.feedback, []);
    },
  },
  {
    id: 'hands-a-marker-makes-nobody-elses-words-batons-own',
    async run(rig) {
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      await rig.comment(id, 'bob', { body: `${topicMarker('review')}\nRound half up.` });
      const [observation] = await forge.observe([{ id, cursor: null }]);
      assert.deepEqual(
        observation?.feedback.map(({ author, body }) => [author?.login, author?.kind, body.includes('half up')]),
        [['bob', 'person', true]],
      );
    },
  },
  {
    id: 'hands-a-bot-is-told-by-the-host-and-by-no-spelling',
    requires: { what: 'a host that knows bots', holds: (rig) => rig.addBot !== undefined },
    async run(rig) {
      const bot = (await rig.addBot?.('renovate')) ?? assert.fail('no bot');
      const forge = rig.createForge();
      const { id } = await openByBaton(rig, forge);
      await rig.comment(id, bot, { body: 'Said by a bot.' });
      await rig.comment(id, 'my-bot', { body: 'Said by a person.' });
      const [observation] = await forge.observe([{ id, cursor: null }]);
      const said = observation?.feedback.map(({ author, body }) => [author?.login, author?.kind, body]) ?? [];
      assert.deepEqual(said.sort(), [
        ['my-bot', 'person', 'Said by a person.'],
        [bot, 'bot', 'Said by a bot.'],
      ]);
    },
  },
  ...findActorCases<ForgeRig>((rig) => rig.createForge()),
];
