import { setTimeout as delay } from 'node:timers/promises';
import type { TestFunction } from '../contract.js';
import type { ForgeRig } from '../forge-contract/rig.js';
import { forgeContract } from '../forge-contract.js';
import type { IssueSourceRig } from '../issue-source-contract/rig.js';
import { issueSourceContract } from '../issue-source-contract.js';
import { NeedsMore, whereThereIsEnough } from './needs-more.js';
import { createRealBranches } from './real-branches.js';
import type { RealAccount, RealHost, RealPlace } from './real-host.js';
import { createScopedNames, type ScopedNames } from './scoped-names.js';

/** So many things are written for one case: a host isn't there to be filled by tests. */
const mostWrites = 20;
const needsPerson = 'a second account, of a person';
const needsOther = 'a third account, of another person';
const needsFake = 'a host whose faults can be asked for';

/** What both rigs have in common. */
interface Scene {
  readonly names: ScopedNames;
  /** Whose account stands for somebody of a case. */
  as(login: string): RealAccount;
  /** To be awaited before whatever people do. */
  write(): Promise<void>;
  readonly places: RealPlace[];
  footprint(): Promise<string>;
}

/** `scope`: of the names of one case. */
function createScene(host: RealHost, scope: string): Scene {
  const people = new Map<string, string>();
  const names = createScopedNames({ scope, defaultBranch: host.defaultBranch, people });
  const places: RealPlace[] = [];
  let writes = 0;
  return {
    names,
    places,
    as(login) {
      if (login === host.logins.baton) return 'baton';
      const account =
        !people.has(login) && people.size === 0 ? 'person' : [...people.keys()][0] === login ? 'person' : 'other';
      const known = host.logins[account];
      if (known === null) throw new NeedsMore(account === 'person' ? needsPerson : needsOther);
      if (people.size > 1 && !people.has(login)) throw new NeedsMore('a fourth account');
      people.set(login, known);
      return account;
    },
    async write() {
      writes += 1;
      if (writes > mostWrites) throw new NeedsMore('a host that takes hundreds of writes for a test');
      if (host.pauseMs > 0) await delay(host.pauseMs);
    },
    footprint: async () => JSON.stringify(await Promise.all(places.map(host.touched))),
  };
}

/** An adapter that is called, and answers, by the names of the cases. */
function translated<Adapter extends object>(adapter: Adapter, names: ScopedNames): Adapter {
  return new Proxy(adapter, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: readonly unknown[]) => {
        const answer: unknown = Reflect.apply(member, target, given.map(names.toHost));
        return answer instanceof Promise ? answer.then(names.fromHost) : answer;
      };
    },
  });
}

/** A rig for `issueSourceContract`. */
async function createRealSourceRig(host: RealHost, scope: string): Promise<IssueSourceRig> {
  const { names, as, write, places, footprint } = createScene(host, scope);
  const at = (id: string): RealPlace => ({ kind: 'issue', id });
  return {
    createSource: () => translated(host.createSource(), names),
    self: host.logins.baton,
    missingId: '99999999',
    async openIssue({ title, body, author, labels = [] }) {
      const account = as(author);
      await write();
      const id = await host.openIssue(account, { title, body, labels: labels.map(names.label) });
      places.push(at(id));
      return id;
    },
    async changeIssue(id, change, by) {
      if ((change.assignees ?? []).some((each) => each !== host.logins.baton))
        throw new NeedsMore('people who are assigned');
      const account = as(by);
      await write();
      await host.changeIssue(account, id, names.toHost(change));
    },
    async comment(id, by, body) {
      const account = as(by);
      await write();
      return await host.comment(account, at(id), body);
    },
    async editComment(id, commentId, body, by) {
      const account = as(by);
      await write();
      await host.editComment(account, at(id), commentId, body);
    },
    comments: async (id) =>
      (await host.comments(at(id))).map((each) => ({
        ...each,
        author: names.fromHost({ login: each.author }).login,
      })),
    async allow(login, permission) {
      if (as(login) === 'baton' || permission !== 'write') throw new NeedsMore('accounts with other permissions');
    },
    references: async (id) => host.references(id),
    footprint,
    async breakPermissions() {
      throw new NeedsMore(needsFake);
    },
    async dispose() {
      for (const { id } of places) await host.changeIssue('baton', id, { state: 'closed', labels: [] });
    },
  };
}

/** A rig for `forgeContract`. */
async function createRealForgeRig(host: RealHost, scope: string): Promise<ForgeRig> {
  const { names, as, write, places, footprint } = createScene(host, scope);
  const branches = await createRealBranches(await host.remote(), host);
  const heads = new Set<string>();
  /** Nobody edits what somebody else wrote. */
  const authors = new Map<string, RealAccount>();
  const at = (id: string): RealPlace => ({ kind: 'pull request', id });
  const hosted = async () => {
    const found = await host.pullRequests([...heads].map(names.branch));
    places.splice(0, places.length, ...found.map(({ id }) => at(id)));
    return names.fromHost(found);
  };
  return {
    createForge: () => translated(host.createForge(), names),
    self: host.logins.baton,
    defaultBranch: host.defaultBranch,
    missingId: '99999999',
    async push(branch) {
      await write();
      heads.add(branch);
      return await branches.push(names.branch(branch));
    },
    async openPullRequest({ by, ...request }) {
      const account = as(by);
      await write();
      return await host.openPullRequest(account, names.toHost(request));
    },
    async changePullRequest(id, change) {
      const { title, draft } = change;
      // Whoever has a hand in title and draft flag counts; anybody may end or retarget it.
      if (host.logins.person === null && (title !== undefined || draft !== undefined)) throw new NeedsMore(needsPerson);
      await write();
      const account = host.logins.person === null ? 'baton' : 'person';
      await host.changePullRequest(account, id, names.toHost(change));
    },
    async comment(id, by, { body, verdict, path }) {
      if (verdict !== undefined || path !== undefined) throw new NeedsMore('reviews by others');
      const account = as(by);
      await write();
      const made = await host.comment(account, at(id), body);
      authors.set(made, account);
      return made;
    },
    async editComment(id, commentId, body) {
      await write();
      await host.editComment(authors.get(commentId) ?? 'baton', at(id), commentId, body);
    },
    comments: async (id) =>
      (await host.comments(at(id))).map(({ author, body }) => ({
        body,
        author: names.fromHost({ login: author }).login,
      })),
    pullRequests: hosted,
    async allow(login, permission) {
      if (as(login) === 'baton' || permission !== 'write') throw new NeedsMore('accounts with other permissions');
    },
    async breakPermissions() {
      throw new NeedsMore(needsFake);
    },
    async emptyRepository() {
      throw new NeedsMore('a repository that may be emptied');
    },
    async footprint() {
      await hosted();
      return await footprint();
    },
    async dispose() {
      try {
        for (const { id, state } of await hosted()) {
          if (state === 'open') await host.changePullRequest('baton', id, { state: 'closed' });
        }
      } finally {
        await branches[Symbol.asyncDispose]();
      }
    },
  };
}

/** Both suites on a host that is there. `run` tells one run from another, by letters and digits. */
export function runOnRealHost(test: TestFunction, host: () => RealHost, run: string, gaps: RealGaps = {}): void {
  const enough = whereThereIsEnough(test);
  let cases = 0;
  const nextScope = (): string => `${run}-${++cases}`;
  forgeContract(enough, () => createRealForgeRig(host(), nextScope()), { knownGaps: gaps.forge ?? {} });
  issueSourceContract(enough, () => createRealSourceRig(host(), nextScope()), { knownGaps: gaps.source ?? {} });
}

/** Cases that the host's adapter is known to fail, as `ContractOptions.knownGaps`. */
export interface RealGaps {
  readonly forge?: Readonly<Record<string, string>>;
  readonly source?: Readonly<Record<string, string>>;
}

/** The labels that are on the host now. The function takes away, once it is called, what has come since. */
export async function keepLabels(host: RealHost): Promise<() => Promise<void>> {
  const before = new Set(await host.labels());
  return async () => {
    for (const name of await host.labels()) if (!before.has(name)) await host.removeLabel(name);
  };
}
