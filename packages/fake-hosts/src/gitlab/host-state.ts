import type { Branches } from '../branches.js';
import {
  draftlessTitle,
  isDraftTitle,
  type StoredIssue,
  type StoredItem,
  type StoredMergeRequest,
  type StoredNote,
  type StoredProject,
  type StoredUser,
} from './model.js';
import { markTitles } from './title-note.js';

/** What a change of an issue or a merge request makes so. */
export interface ItemFields {
  readonly title?: string;
  readonly description?: string;
  readonly state?: StoredItem['state'];
  readonly labels?: readonly string[];
  readonly assignees?: readonly StoredUser[];
}

/** A note as somebody makes it. */
export interface NoteFields {
  readonly body: string;
  readonly by: StoredUser;
  readonly system?: boolean;
  readonly action?: string;
  readonly change?: StoredNote['change'];
  readonly position?: StoredNote['position'];
  readonly internal?: boolean;
}

/** Everything the fake knows, and how it changes: by people in a test and by the interface alike. */
export interface HostState {
  readonly projects: Map<number, StoredProject>;
  readonly users: Map<number, StoredUser>;
  /** Commands to GitLab that stood in what somebody wrote. */
  readonly quickActions: string[];
  /** Grows with every write that changes something, and with a note that is written again as it was. */
  changes: number;
  /** The next second: whatever happens later is known to have happened later. */
  tick(): number;
  nextId(): number;
  /** The account of a name, made where there is none. */
  user(username: string, bot?: boolean): StoredUser;
  addProject(path: string, branches: Branches): StoredProject;
  addItem<Item extends StoredItem>(
    items: Map<number, Item>,
    fields: Required<Pick<ItemFields, 'title' | 'description' | 'labels'>> & { readonly by: StoredUser },
    more: Omit<Item, keyof StoredItem>,
  ): Item;
  /** False where all is so already: then nothing happens. */
  change(item: StoredIssue | StoredMergeRequest, fields: ItemFields, by: StoredUser): boolean;
  addNote(item: StoredItem, note: NoteFields): StoredNote;
  editNote(item: StoredItem, note: StoredNote, body: string, by: StoredUser): void;
  /** Takes the commands out of a text, as GitLab does, and remembers them. */
  obey(text: string): string;
}

const start = Date.UTC(2026, 0, 1);

/** `touchIntervalMs`: so long after its last change a note doesn't show in the `updated_at` of what it stands on. */
export function createHostState(touchIntervalMs = 0): HostState {
  let [seconds, ids] = [0, 1000];
  const users = new Map<number, StoredUser>();
  const projects = new Map<number, StoredProject>();
  const quickActions: string[] = [];

  const tick = (): number => {
    seconds += 1;
    return start + seconds * 1000;
  };
  const nextId = (): number => {
    ids += 1;
    return ids;
  };
  const touch = (item: StoredItem, at: number): void => {
    if (at - item.updatedAt > touchIntervalMs) item.updatedAt = at;
  };
  const addNote: HostState['addNote'] = (
    item,
    { body, by, system = false, action, change, position, internal = false },
  ) => {
    const at = tick();
    const id = nextId();
    const note: StoredNote = {
      ...{ id, author: by, body, system, action: action ?? null, change: change ?? null, position: position ?? null },
      ...{ discussion: id.toString(16).padStart(40, '0'), createdAt: at, updatedAt: at, edited: null, internal },
      resolved: false,
    };
    item.notes.push(note);
    touch(item, at);
    return note;
  };
  const addSystemNote = (
    item: StoredItem,
    by: StoredUser,
    action: string,
    body: string,
    change?: StoredNote['change'],
  ) => addNote(item, { by, body, system: true, action, ...(change ? { change } : {}) });
  const setLabels = (item: StoredItem, labels: readonly string[], by: StoredUser): void => {
    const [before, wanted] = [item.labels, [...new Set(labels)]];
    const log = (label: string, action: 'add' | 'remove'): void => {
      item.updatedAt = tick();
      item.labelEvents.push({ id: nextId(), user: by, at: item.updatedAt, action, label });
    };
    for (const each of before.filter((label) => !wanted.includes(label))) log(each, 'remove');
    for (const each of wanted.filter((label) => !before.includes(label))) log(each, 'add');
    item.labels = wanted;
  };
  const setTitle = (item: StoredItem, title: string, by: StoredUser): void => {
    const before = item.title;
    item.title = title;
    const isMergeRequest = 'head' in item;
    if (isMergeRequest && isDraftTitle(before) !== isDraftTitle(title)) {
      const word = isDraftTitle(title) ? 'draft' : 'ready';
      addSystemNote(item, by, 'title', `marked this merge request as **${word}**`);
    }
    const [old, current] = isMergeRequest ? [draftlessTitle(before), draftlessTitle(title)] : [before, title];
    if (old !== current) addSystemNote(item, by, 'title', markTitles(before, title));
  };
  const setAssignees = (item: StoredItem, assignees: readonly StoredUser[], by: StoredUser): void => {
    const gone = item.assignees.filter((each) => !assignees.includes(each));
    const added = assignees.filter((each) => !item.assignees.includes(each));
    const list = (people: readonly StoredUser[]): string =>
      new Intl.ListFormat('en').format(people.map(({ username }) => `@${username}`));
    const parts = [
      ...(added.length > 0 ? [`assigned to ${list(added)}`] : []),
      ...(gone.length > 0 ? [`unassigned ${list(gone)}`] : []),
    ];
    if (parts.length > 0) addSystemNote(item, by, 'assignee', parts.join(' and '));
    item.assignees = [...assignees];
  };

  const host: HostState = {
    projects,
    users,
    quickActions,
    changes: 0,
    tick,
    nextId,
    user(username, bot = false) {
      const found = [...users.values()].find((each) => each.username === username);
      if (found) return found;
      const made: StoredUser = { id: nextId(), username, name: username, bot, state: 'active' };
      users.set(made.id, made);
      return made;
    },
    addProject(path, branches) {
      const made: StoredProject = {
        ...{ id: nextId(), path, formerPaths: [], issues: new Map(), mergeRequests: new Map(), members: new Map() },
        ...{
          branches,
          hidden: false,
          archived: false,
          without: new Set(),
          visibility: 'private',
          otherPipelines: [],
          permissionsBroken: false,
          triggersHidden: false,
          branchLag: 0,
          lockLag: 0,
        },
      };
      projects.set(made.id, made);
      return made;
    },
    addItem(items, { title, description, labels, by }, more) {
      const at = tick();
      const common: StoredItem = {
        ...{ id: nextId(), iid: items.size + 1, author: by, createdAt: at, updatedAt: at, title },
        ...{ description: host.obey(description), state: 'opened', labels: [], assignees: [], notes: [] },
        labelEvents: [],
      };
      // The two halves make the whole: TypeScript doesn't see it for a type parameter.
      const item = Object.assign(common, more) as unknown as typeof items extends Map<number, infer Item>
        ? Item
        : never;
      items.set(common.iid, item);
      setLabels(item, labels, by);
      return item;
    },
    change(item, fields, by) {
      const { title, description, state, labels, assignees } = fields;
      if (!changes(item, fields)) return false;
      item.updatedAt = tick();
      if (title !== undefined && title !== item.title) setTitle(item, title, by);
      if (description !== undefined) {
        const change = { before: item.description, after: host.obey(description) };
        item.description = change.after;
        if (change.before !== change.after) addSystemNote(item, by, 'description', 'changed the description', change);
      }
      if (state !== undefined && state !== item.state) {
        item.state = state;
        addSystemNote(item, by, state, state === 'opened' ? 'reopened' : state);
      }
      if (labels !== undefined) setLabels(item, labels, by);
      if (assignees !== undefined) setAssignees(item, assignees, by);
      return true;
    },
    addNote,
    editNote(item, note, body, by) {
      note.body = host.obey(body);
      note.updatedAt = tick();
      note.edited = { at: note.updatedAt, by };
      touch(item, note.updatedAt);
    },
    obey: (text) =>
      text.replace(/^[ \t]*\/([a-z_]+)(?: [^\n]*)?[ \t\r]*(?:\n|$)/gim, (line) => {
        quickActions.push(line.trim());
        return '';
      }),
  };
  return host;
}

function changes(item: StoredItem, { title, description, state, labels, assignees }: ItemFields): boolean {
  const differ = <Value>(wanted: readonly Value[] | undefined, present: readonly Value[]): boolean =>
    wanted !== undefined &&
    (wanted.some((each) => !present.includes(each)) || present.some((each) => !wanted.includes(each)));
  return (
    (title ?? item.title) !== item.title ||
    (description ?? item.description) !== item.description ||
    (state ?? item.state) !== item.state ||
    differ(labels, item.labels) ||
    differ(assignees, item.assignees)
  );
}
