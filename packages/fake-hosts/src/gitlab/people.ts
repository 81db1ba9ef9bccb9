import { closedOnGitlab, numbersIn } from '../closing-keywords.js';
import type { FakeGitlabProject } from './fake-project.js';
import type { HostState } from './host-state.js';
import { draftlessTitle, isDraftTitle, type StoredMergeRequest, type StoredNote, type StoredProject } from './model.js';
import { type PipelinePlace, runJobs, runPipeline } from './run-pipeline.js';

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
