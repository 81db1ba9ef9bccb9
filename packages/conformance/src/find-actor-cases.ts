import assert from 'node:assert/strict';
import type { Actor, CallOptions } from '@baton/core';
import type { ContractCase, Rig } from './contract.js';

/** A source or a forge, as far as accounts are looked up in it. */
interface LooksUpActors {
  findActor?(reference: string, options?: CallOptions): Promise<Actor | null>;
}

/** What these cases need of a rig. */
interface ActorRig extends Rig {
  readonly self: string;
  addBot?(name: string): Promise<string>;
  allow(login: string, permission: 'write'): Promise<void>;
}

/** What a look-up of accounts keeps to, on the side of issues and of pull requests alike. */
export function findActorCases<R extends ActorRig>(create: (rig: R) => LooksUpActors): readonly ContractCase<R>[] {
  const find = (rig: R, reference: string): Promise<Actor | null> =>
    create(rig).findActor?.(reference) ?? assert.fail('findActor went away');
  const canLookUp = {
    what: 'accounts that can be looked up',
    holds: (rig: R) => create(rig).findActor !== undefined,
  };
  return [
    {
      id: 'an-account-is-found-by-its-login-and-by-its-id',
      requires: canLookUp,
      async run(rig) {
        await rig.allow('alice', 'write');
        const alice = (await find(rig, 'alice')) ?? assert.fail('alice is not found');
        assert.deepEqual({ ...alice, id: '' }, { id: '', login: 'alice', kind: 'person' });
        assert.deepEqual(await find(rig, alice.id), alice);
        assert.equal((await find(rig, rig.self))?.kind, 'self');
      },
    },
    {
      id: 'an-account-that-is-a-bot-is-found-as-one',
      requires: { what: 'bots', holds: (rig) => canLookUp.holds(rig) && rig.addBot !== undefined },
      async run(rig) {
        const login = (await rig.addBot?.('renovate')) ?? assert.fail('no bot');
        const bot = (await find(rig, login)) ?? assert.fail('the bot is not found');
        assert.deepEqual({ ...bot, id: '' }, { id: '', login, kind: 'bot' });
        assert.deepEqual(await find(rig, bot.id), bot);
      },
    },
    {
      id: 'an-account-that-nobody-has-is-null',
      requires: canLookUp,
      async run(rig) {
        await rig.allow('alice', 'write');
        for (const reference of ['', 'nobody-is-called-so', '999999999', 'alic', 'alice[bot]', '../alice', '--help']) {
          assert.equal(await find(rig, reference), null, reference);
        }
      },
    },
    {
      id: 'an-aborted-look-up-of-an-account-rejects-with-the-reason',
      requires: canLookUp,
      async run(rig) {
        const reason = new Error('stopped');
        const aborted = create(rig).findActor?.('alice', { signal: AbortSignal.abort(reason) });
        await assert.rejects(aborted ?? Promise.resolve(), (error) => error === reason);
      },
    },
  ];
}
