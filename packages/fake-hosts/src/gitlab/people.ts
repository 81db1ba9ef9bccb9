import type { CheckSummary, Feedback, Permission } from '@baton/core';
import { closedOnGitlab, numbersIn } from '../closing-keywords.js';
import type { HostState } from './host-state.js';
import { draftlessTitle, isDraftTitle, type StoredMergeRequest, type StoredNote, type StoredProject } from './model.js';
import { type FakeGitlabJob, type PipelinePlace, runJobs, runPipeline } from './run-pipeline.js';

/** A merge request as the fake holds it. */
export interface FakeGitlabMergeRequest {
  readonly iid: number;
  readonly head: string;
  /** Whole: `Draft: ` included. */
  readonly title: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly state: 'opened' | 'merged' | 'closed' | 'locked';
}

/** An issue as the fake holds it. */
export interface FakeGitlabIssue {
  readonly iid: number;
  readonly title: string;
  readonly description: string;
  readonly state: 'opened' | 'merged' | 'closed' | 'locked';
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

/** What people change about an issue. Labels and assignees are the whole list. */
export interface FakeGitlabIssueChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

/** What people do in a project. Whoever is named exists from then on. */
export interface FakeGitlabProject {
  readonly path: string;
  readonly id: number;
  /** The number of the new issue. */
  openIssue(issue: {
    readonly title: string;
    readonly body: string;
    readonly author: string;
    readonly labels?: readonly string[];
    readonly confidential?: boolean;
  }): number;
  changeIssue(iid: number, change: FakeGitlabIssueChange, by: string): void;
  issues(): readonly FakeGitlabIssue[];
  /** Below an issue, or a merge request; its id. */
  comment(
    on: { readonly issue: number } | { readonly mergeRequest: number },
    by: string,
    body: string,
    more?: { readonly internal?: boolean; readonly path?: string | null; readonly line?: number | null },
  ): number;
  editComment(id: number, body: string, by: string): void;
  removeComment(id: number): void;
  resolve(noteId: number): void;
  /** The lines of all notes on the diff were changed by a push. */
  outdate(iid: number): void;
  comments(
    on: { readonly issue: number } | { readonly mergeRequest: number },
  ): readonly { readonly id: number; readonly author: string; readonly body: string }[];
  /** Approves, asks for changes, or takes an approval back. */
  review(iid: number, by: string, verdict: Feedback['verdict'] | 'unapprove'): void;
  allow(login: string, permission: Permission): void;
  /** The access level as GitLab numbers it: 15 for planners, 25 for security managers. */
  setAccess(login: string, level: number): void;
  /** From now on the permission of nobody can be looked up: 500. */
  breakPermissions(): void;
  /** From now on label events don't tell who. */
  hideTriggers(): void;
  /** Sent from now on in a shape that nobody can read. */
  breakIssue(iid: number): void;
  removeIssue(iid: number): void;
  /** Moved to another project: closed here. */
  moveIssue(iid: number): void;
  block(iid: number, by: { readonly project?: string; readonly iid: number; readonly open: boolean }): void;
  /** One change that reaches every issue at the same instant. */
  changeAllAtOnce(): void;
  /** Answered like one that isn't there. */
  hide(): void;
  archive(): void;
  unarchive(): void;
  switchOff(feature: 'issues' | 'merge requests' | 'CI/CD'): void;
  /** Who may see it. At first: its members. `internal`: everybody with an account. */
  setVisibility(visibility: 'private' | 'internal' | 'public'): void;
  /** The old path leads to the new one from now on. */
  rename(path: string): void;
  /** One more commit on a branch; its id. */
  push(branch: string): Promise<string>;
  emptyRepository(): Promise<void>;
  /** The next creations of merge requests are refused: the branch isn't known yet, or something holds a lock. */
  lag(what: 'branch' | 'lock', times: number): void;
  openMergeRequest(request: {
    readonly head: string;
    readonly title: string;
    readonly body: string;
    readonly labels?: readonly string[];
    readonly by: string;
    /** From a fork's branch of that name. */
    readonly fork?: boolean;
  }): number;
  /** A merge closes the issues that the description says it closes. */
  changeMergeRequest(
    iid: number,
    change: {
      readonly title?: string;
      readonly draft?: boolean;
      readonly base?: string;
      readonly state?: 'merged' | 'closed';
    },
    by: string,
  ): Promise<void>;
  mergeRequests(): readonly FakeGitlabMergeRequest[];
  setConflicts(iid: number, conflicts: boolean): void;
  /** A pipeline on the head as it is now. `merged`: one of merged results, on a commit of GitLab's own. */
  setChecks(
    iid: number,
    state: CheckSummary['state'],
    trace?: string,
    more?: { readonly merged?: boolean },
  ): Promise<void>;
  /**
   * A pipeline with these jobs on the head as it is now. Where one name is there twice, the first was run again.
   * `merged`: one of merged results. `yamlErrors`: its configuration can't be read.
   */
  setJobs(
    iid: number,
    jobs: readonly FakeGitlabJob[],
    more?: { readonly merged?: boolean; readonly yamlErrors?: string },
  ): Promise<void>;
  /** Pipelines of a branch without a merge request. */
  runElsewhere(branch: string, count: number): void;
}

const levels = { none: 5, read: 20, write: 30, admin: 40 } as const;

export function createPeople(host: HostState, project: StoredProject): FakeGitlabProject {
  const issueOf = (iid: number) => project.issues.get(iid) ?? fail(`there is no issue ${iid}`);
  const mergeRequestOf = (iid: number): StoredMergeRequest =>
    project.mergeRequests.get(iid) ?? fail(`there is no merge request ${iid}`);
  const itemOf = (on: { readonly issue: number } | { readonly mergeRequest: number }) =>
    'issue' in on ? issueOf(on.issue) : mergeRequestOf(on.mergeRequest);
  const noteById = (id: number) => {
    for (const item of [...project.issues.values(), ...project.mergeRequests.values()]) {
      const note = item.notes.find((each) => each.id === id);
      if (note) return { item, note };
    }
    return fail(`there is no note ${id}`);
  };
  const touch = (): void => {
    host.changes += 1;
  };
  const placeOf = async (found: StoredMergeRequest, merged: boolean): Promise<PipelinePlace> => {
    const sha = (await project.branches.get(found.head)) ?? '';
    if (!merged) return { sha, ref: found.head, source: 'push' };
    const ref = `refs/merge-requests/${found.iid}/merge`;
    const own = host.nextId().toString(16).padStart(40, 'f');
    return { sha: own, ref, source: 'merge_request_event', sourceSha: sha };
  };
  return {
    id: project.id,
    get path() {
      return project.path;
    },
    openIssue({ title, body, author, labels = [], confidential = false }) {
      touch();
      const fields = { title, description: body, labels, by: host.user(author) };
      return host.addItem(project.issues, fields, { confidential, movedTo: null, broken: false, blockedBy: [] }).iid;
    },
    changeIssue(iid, { title, body, state, labels, assignees }, by) {
      touch();
      host.change(
        issueOf(iid),
        {
          ...(title === undefined ? {} : { title }),
          ...(body === undefined ? {} : { description: body }),
          ...(state === undefined ? {} : { state: state === 'open' ? ('opened' as const) : state }),
          ...(labels === undefined ? {} : { labels }),
          ...(assignees === undefined ? {} : { assignees: assignees.map((each) => host.user(each)) }),
        },
        host.user(by),
      );
    },
    issues: () =>
      [...project.issues.values()].map(({ iid, title, description, state, labels, assignees }) => ({
        ...{ iid, title, description, state, labels },
        assignees: assignees.map(({ username }) => username),
      })),
    comment(on, by, body, { internal = false, path, line } = {}) {
      touch();
      const position = path ? { path, line: line ?? 1 } : null;
      return host.addNote(itemOf(on), { body, by: host.user(by), internal, position }).id;
    },
    editComment(id, body, by) {
      touch();
      const { item, note } = noteById(id);
      host.editNote(item, note, body, host.user(by));
    },
    removeComment(id) {
      touch();
      const { item, note } = noteById(id);
      item.notes.splice(item.notes.indexOf(note), 1);
    },
    outdate(iid) {
      touch();
      for (const note of mergeRequestOf(iid).notes) {
        if (note.position) note.position = { ...note.position, of: '0'.repeat(40) };
      }
    },
    resolve(id) {
      touch();
      const { note } = noteById(id);
      note.resolved = true;
      note.updatedAt = host.tick();
    },
    comments: (on) =>
      itemOf(on)
        .notes.filter((each: StoredNote) => !each.system)
        .map(({ id, author, body }) => ({ id, author: author.username, body })),
    review(iid, by, verdict) {
      touch();
      const said = { approve: 'approved this merge request', unapprove: 'unapproved this merge request' };
      if (verdict === 'comment') return;
      const body = verdict === 'request-changes' ? 'requested changes' : said[verdict];
      host.addNote(mergeRequestOf(iid), { body, by: host.user(by), system: true, action: 'approved' });
    },
    allow: (login, permission) => void project.members.set(host.user(login).id, levels[permission]),
    setAccess: (login, level) => void project.members.set(host.user(login).id, level),
    breakPermissions() {
      project.permissionsBroken = true;
    },
    hideTriggers() {
      project.triggersHidden = true;
    },
    breakIssue(iid) {
      issueOf(iid).broken = true;
      issueOf(iid).updatedAt = host.tick();
    },
    removeIssue: (iid) => void project.issues.delete(iid),
    moveIssue(iid) {
      Object.assign(issueOf(iid), { state: 'closed', movedTo: host.nextId(), updatedAt: host.tick() });
    },
    block: (iid, by) => void issueOf(iid).blockedBy.push({ project: project.path, ...by }),
    changeAllAtOnce() {
      const at = host.tick();
      for (const each of project.issues.values()) each.updatedAt = at;
    },
    hide() {
      project.hidden = true;
    },
    unarchive() {
      project.archived = false;
    },
    archive() {
      project.archived = true;
    },
    switchOff: (feature) => void project.without.add(feature),
    setVisibility(visibility) {
      project.visibility = visibility;
    },
    rename(path) {
      project.formerPaths.push(project.path);
      project.path = path;
    },
    async push(branch) {
      touch();
      return project.branches.push(branch);
    },
    emptyRepository: () => project.branches.clear(),
    lag(what, times) {
      project[what === 'branch' ? 'branchLag' : 'lockLag'] = times;
    },
    openMergeRequest({ head, title, body, labels = [], by, fork = false }) {
      touch();
      const fields = { title, description: body, labels, by: host.user(by) };
      const more = { head, base: 'main', endedCommit: null, conflicts: false, pipeline: null };
      const sourceProjectId = fork ? host.nextId() : project.id;
      return host.addItem(project.mergeRequests, fields, { ...more, sourceProjectId }).iid;
    },
    async changeMergeRequest(iid, { title, draft, base, state }, by) {
      touch();
      const found = mergeRequestOf(iid);
      const isDraft = draft ?? isDraftTitle(found.title);
      const plain = title ?? draftlessTitle(found.title);
      if (base !== undefined) found.base = base;
      if (state !== undefined) found.endedCommit = await project.branches.get(found.head);
      const fields = { title: isDraft ? `Draft: ${plain}` : plain, ...(state === undefined ? {} : { state }) };
      host.change(found, fields, host.user(by));
      for (const each of state === 'merged' ? numbersIn(project.path, closedOnGitlab(found.description)) : []) {
        const issue = project.issues.get(each);
        if (issue) host.change(issue, { state: 'closed' }, host.user(by));
      }
    },
    mergeRequests: () =>
      [...project.mergeRequests.values()].map(({ iid, head, title, description, labels, state }) => ({
        ...{ iid, head, title, description, labels, state },
      })),
    setConflicts(iid, conflicts) {
      mergeRequestOf(iid).conflicts = conflicts;
    },
    async setChecks(iid, state, trace = 'expected 3, got 4', { merged = false } = {}) {
      const found = mergeRequestOf(iid);
      found.pipeline = state === 'none' ? null : runPipeline(host, state, await placeOf(found, merged), trace);
    },
    async setJobs(iid, jobs, { merged = false, yamlErrors } = {}) {
      const found = mergeRequestOf(iid);
      found.pipeline = runJobs(host, jobs, { ...(await placeOf(found, merged)), yamlErrors: yamlErrors ?? null });
    },
    runElsewhere(ref, count) {
      for (let run = 0; run < count; run += 1) {
        const sha = host.nextId().toString(16).padStart(40, '0');
        project.otherPipelines.push(runPipeline(host, 'passed', { sha, ref, source: 'push' }));
      }
    },
  };
}

function fail(message: string): never {
  throw new Error(message);
}
