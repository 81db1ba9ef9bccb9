import { BatonError } from '@baton/core';
import { expect } from 'vitest';
import { createSelfLookup } from '../src/host/actor.js';
import { answering, conversation, facts, self, user } from './fuzz-conversation.js';

const admin = { status: 200, data: { permission: 'admin', user: { id: 5, login: 'ann' } } };

export const accounts = conversation(
  'an account, what it may do, and a repository are as they are told, or refused',
  [
    [{ status: 200, data: { permission: 'admin', user: { id: 5, login: 'ann' } } }, { id: 5, login: 'ann' }, facts, {}],
    [
      { status: 200, data: { permission: 'maintain' } },
      { id: '9007199254740993', login: 'x[bot]', type: 'Bot' },
      facts,
      null,
    ],
    [
      { status: 200, data: { permission: 'read', user: { id: 6, login: 'ann' } } },
      { id: 7, login: 'baton' },
    ],
    [{ status: 404, data: 'ann is not a user' }, null, { ...facts, default_branch: null }],
    [{ status: 404, data: 'Not Found' }, null],
    [{ status: 200, data: 7 }],
    [{ status: 200, data: { permission: 'write' } }, null, null],
    [admin, user, user, facts, {}, facts],
    [admin, user, user, facts, null],
    [admin, user, user, { ...facts, default_branch: null }],
    [{ slug: 'baton', ...user }],
  ],
  async (repository, answers) => {
    for (const credentials of [
      { kind: 'token', token: 'x' },
      { kind: 'app', id: 1, installation: 2, privateKey: 'x' },
    ] as const) {
      const look = createSelfLookup(answering(answers), credentials);
      const found = await look({}).catch((error: unknown) => {
        if (!BatonError.is(error)) throw error;
        return null;
      });
      if (found !== null) expect(await look({})).toEqual(found);
    }
    const actor = { id: '5', login: 'ann', kind: 'person' as const };
    expect(['admin', 'write', 'read', 'none']).toContain(await repository.permission(actor));
    for (const reference of ['ann', '5', ' ']) {
      const found = await repository.findActor(reference);
      if (found !== null) expect(found.kind).toBe(found.id === self.id ? 'self' : found.kind);
    }
    expect(await repository.defaultBranch({})).not.toBe('');
    expect((await repository.facts({})).fullName).toBeTypeOf('string');
    expect((await repository.facts({})).isPrivate).toBeTypeOf('boolean');
    expect(await repository.presentName({})).toBeTypeOf('string');
    await repository.confirmSeen({});
    expect(await repository.defaultBranch({})).not.toBe('');
  },
);
