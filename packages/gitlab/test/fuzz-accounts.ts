import { expect } from 'vitest';
import { ann, base, contextOf, ours, scenes } from './fuzz-scenes.js';

const member = { id: 5, access_level: 30, state: 'active', membership_state: 'active', expires_at: null };
export const accounts = scenes(
  'an account, and what it may do, are as they are told, or refused',
  [
    { ...base, 'projectMembers.show': member, 'users.all': [{ ...ann, username: 'ANN' }] },
    { ...base, 'projectMembers.show': { ...member, access_level: 50 }, 'users.all': [] },
    {
      ...base,
      'projectMembers.show': { ...member, access_level: 20, expires_at: '2099-01-01' },
      'users.all': [{ id: 7, username: 'ann' }],
    },
    {
      ...base,
      'projectMembers.show': { ...member, access_level: 5, state: null, membership_state: null },
      'users.show': 'gone',
    },
    {
      ...base,
      'projectMembers.show': { ...member, expires_at: '2020-01-01' },
      'users.show': 'denied',
      'users.all': [ann],
    },
    {
      ...base,
      'projectMembers.show': { ...member, state: 'blocked' },
      'users.show': { ...ann, bot: true },
      'users.all': [ann],
    },
    {
      ...base,
      'projectMembers.show': { ...member, membership_state: 'awaiting' },
      'users.show': { ...ann, username: 'ghost7', name: null },
    },
    { ...base, 'projectMembers.show': 'gone' },
    { ...base, 'projectMembers.show': 'denied', 'users.all': [{ ...ann, username: 'ghost', name: 'Ann' }] },
    { ...base, 'projectMembers.show': member, 'projects.show': 'gone' },
    { ...base, 'projects.show': 'denied' },
  ],
  async (api) => {
    const { project, people } = contextOf();
    const may = await ours(() => people.permission({ id: '5', login: 'ann', kind: 'person' }, api));
    if (may !== null) expect(['admin', 'write', 'read', 'none']).toContain(may);
    for (const reference of ['ann', '5', '5', ' ']) {
      const found = await ours(() => people.find(reference, api));
      if (found !== null) expect(found.kind === 'self').toBe(found.id === (await people.self(api)).id);
    }
    for (const told of [() => project.path(api), () => project.isPublic(api), () => project.isPublic(api)])
      await ours<unknown>(told);
  },
);
