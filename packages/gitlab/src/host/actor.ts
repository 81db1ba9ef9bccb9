import type { Actor, Clock, Permission } from '@baton/core';
import { BatonError } from '@baton/core';
import type { GitlabApi } from './api.js';
import type { Project } from './repository.js';
import { type GitlabUser, memberShape, read, selfShape, userShape, usersShape } from './shapes.js';

/** Who is who on this GitLab, and what they may do in the project. */
export interface People {
  /** Baton's own account. */
  self(api: GitlabApi): Promise<Actor>;
  /** Null for an account that is gone. */
  actor(user: GitlabUser | null | undefined, api: GitlabApi): Promise<Actor | null>;
  permission(actor: Actor, api: GitlabApi): Promise<Permission>;
  /** By id, or by a login that isn't of digits alone. Null where nobody goes by it. */
  find(reference: string, api: GitlabApi): Promise<Actor | null>;
}

const mostKnown = 10_000;

export function createPeople(project: Project, clock: Clock): People {
  let own: Actor | null = null;
  const kinds = new Map<number, 'person' | 'bot'>();

  const self = async (api: GitlabApi): Promise<Actor> => {
    if (own !== null) return own;
    const { id, username } = read(selfShape, await api.users.showCurrentUser(), 'the account of the token');
    own = { id: String(id), login: username, kind: 'self' };
    return own;
  };
  /** GitLab tells it in the account's own record alone. Bots of tokens and service accounts are told there. */
  const kindOf = async (id: number, api: GitlabApi): Promise<'person' | 'bot' | 'gone'> => {
    const known = kinds.get(id);
    if (known) return known;
    try {
      const { bot } = read(userShape, await api.users.show(id), 'an account');
      if (kinds.size >= mostKnown) kinds.clear();
      kinds.set(id, bot === true ? 'bot' : 'person');
      return bot === true ? 'bot' : 'person';
    } catch (error) {
      if (BatonError.is(error, 'NOT_FOUND')) return 'gone';
      throw error;
    }
  };
  const toActor: People['actor'] = async (user, api) => {
    if (!user || isGhost(user)) return null;
    const me = await self(api);
    if (String(user.id) === me.id) return me;
    const kind = await kindOf(user.id, api);
    return kind === 'gone' ? null : { id: String(user.id), login: user.username, kind };
  };
  const lookUp = async (reference: string, api: GitlabApi): Promise<GitlabUser | null> => {
    if (!/^\d+$/.test(reference)) {
      // GitLab takes an empty name for everybody's.
      if (reference.trim() === '') return null;
      const found = read(usersShape, await api.users.all({ username: reference }), 'accounts');
      return found.find(({ username }) => username.toLowerCase() === reference.toLowerCase()) ?? null;
    }
    try {
      return read(userShape, await api.users.show(Number(reference)), 'an account');
    } catch (error) {
      if (BatonError.is(error, 'NOT_FOUND')) return null;
      throw error;
    }
  };
  return {
    self,
    actor: toActor,
    find: async (reference, api) => toActor(await lookUp(reference, api), api),
    async permission(actor, api) {
      const id = Number(actor.id);
      const projectId = await project.id(api);
      try {
        const found = await api.projectMembers.show(projectId, id, { includeInherited: true });
        return permissionOf(read(memberShape, found, 'a member'), clock.now());
      } catch (error) {
        if (!BatonError.is(error, 'NOT_FOUND')) throw error;
        // The same answer comes where the project can't be seen any more: then nobody can tell.
        await project.read(api);
        return 'none';
      }
    },
  };
}

/** The account to which GitLab gives whatever deleted accounts wrote. Somebody who calls themselves so has no author. */
function isGhost({ username, name }: GitlabUser): boolean {
  return /^ghost\d*$/i.test(username) && (name === 'Ghost User' || name === undefined || name === null);
}

/** https://docs.gitlab.com/api/members/#roles: 5 minimal access, 10 guest, 20 reporter, 30 developer, 40 maintainer, 50 owner. */
function permissionOf(member: ReturnType<typeof memberShape.parse>, now: number): Permission {
  const { access_level: level, state, membership_state: membership, expires_at: expiresAt } = member;
  if ((state ?? 'active') !== 'active' || (membership ?? 'active') !== 'active') return 'none';
  if (expiresAt && Date.parse(expiresAt) <= now) return 'none';
  if (level >= 40) return 'admin';
  if (level >= 30) return 'write';
  return level >= 10 ? 'read' : 'none';
}
