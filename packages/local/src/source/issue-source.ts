import { mapFew } from '@baton/adapter-kit';
import type { AdapterHost, Issue, IssueSource } from '@baton/core';
import { BatonError, messageOf } from '@baton/core';
import { type People, readPeople, selfLogin } from '../host/actor.js';
import { changeList } from '../host/change-list.js';
import type { CommentFile, CommentFiles } from '../host/comments.js';
import { contentHash } from '../host/content-hash.js';
import { diagnoseFolder } from '../host/diagnose-folder.js';
import { adapterId, notFound } from '../host/map-error.js';
import type { MarkdownFolder } from '../host/markdown-folder.js';
import { toBrief } from './brief.js';
import {
  commentDirectory,
  type IssueFile,
  type IssueFiles,
  isHandedOver,
  issueDirectory,
  matches,
  padNumber,
} from './issue-files.js';
import { readCursor, writeCursor } from './poll-cursor.js';
import type { FirstSights } from './text-snapshots.js';

/** What a local source is put together from. */
export interface LocalSourceParts {
  readonly files: MarkdownFolder;
  readonly issues: IssueFiles;
  readonly comments: CommentFiles;
  readonly sights: FirstSights;
  /** As what `sights` keeps was masked. */
  readonly mask: AdapterHost['mask'];
}

/** Issues in a folder of Markdown. Does no input or output. */
export function createLocalSource({ files, issues, comments, sights, mask }: LocalSourceParts): IssueSource {
  const commentsOf = (issue: IssueFile): Promise<readonly CommentFile[]> =>
    comments.list(commentDirectory(issue.number));

  const blockersOf = async (issue: IssueFile, all?: ReadonlyMap<number, IssueFile>): Promise<Issue['blockedBy']> => {
    const blockers: Issue['blockedBy'][number][] = [];
    for (const reference of issue.blockedBy) {
      const number = issues.numberOf(reference);
      const blocker = number === null ? undefined : (all?.get(number) ?? (await issues.get(number)));
      // One that isn't there can't have ended: a person takes it off the list, or mends the reference.
      blockers.push({ key: number === null ? reference : keyOf(number), open: blocker?.open ?? true });
    }
    return blockers;
  };
  const view = async (
    issue: IssueFile,
    people: People,
    bornAt: number | null,
    all?: ReadonlyMap<number, IssueFile>,
  ): Promise<Issue> => {
    const [said, blockedBy] = [await commentsOf(issue), await blockersOf(issue, all)];
    return {
      id: padNumber(issue.number),
      key: keyOf(issue.number),
      title: issue.title,
      body: issue.body,
      author: people.actor(issue.author),
      url: null,
      state: { unified: issue.open ? 'open' : 'closed', raw: issue.rawState },
      visibility: issue.private ? 'private' : 'public',
      labels: [...new Set(issue.labels.map((label) => label.toLowerCase()))],
      assignees: [...new Set(issue.assignees)].flatMap((login) => people.actor(login) ?? []),
      priority: issue.priority,
      blockedBy,
      revision: contentHash(
        issue.path,
        issue.hash,
        ...said.flatMap((each) => [each.id, each.hash]),
        JSON.stringify(blockedBy),
      ),
      createdAt: issue.createdAt ?? bornAt ?? issue.bornAt,
      updatedAt: said.reduce((latest, each) => Math.max(latest, each.changedAt), issue.changedAt),
    };
  };
  const required = async (issueId: string, options?: { readonly signal?: AbortSignal }): Promise<IssueFile> => {
    const number = numberOfId(issueId);
    const issue = number === null ? null : await issues.get(number, options);
    if (!issue) throw notFound(`issue ${issueId}`);
    return issue;
  };
  return {
    spec: 'issue-source/1',
    id: adapterId,
    tracker: files.folder.root,

    async poll(query, cursor, options) {
      options?.signal?.throwIfAborted();
      const people = await readPeople(files);
      files.complain('people.yaml', people.problem);
      const all = await issues.list(options);
      const looked = await mapFew(all.values(), async (issue) => {
        options?.signal?.throwIfAborted();
        try {
          const sight = await sights.see(issue, query, () => commentsOf(issue));
          const seen = matches(issue, query) ? await view(issue, people, sight?.bornAt ?? null, all) : null;
          files.complain(issue.path, null, 'polling');
          return seen;
        } catch (error) {
          options?.signal?.throwIfAborted();
          if (BatonError.is(error, 'DISK_FULL')) throw error;
          const reason = messageOf(error);
          files.complain(issue.path, `can't be taken up: ${reason}`, 'polling');
          return null;
        }
      });
      const found = looked.filter((issue) => issue !== null);
      const next = writeCursor(query, found);
      if (next === cursor) return { kind: 'unchanged', cursor };
      const seen = readCursor(query, cursor);
      const changed = found.filter((issue) => seen.get(issue.id) !== issue.revision);
      return { kind: 'changed', issues: changed, cursor: next, more: false };
    },
    async find(reference, options) {
      options?.signal?.throwIfAborted();
      const number = issues.numberOf(reference);
      const issue = number === null ? null : await issues.get(number, options);
      return issue && (await view(issue, await readPeople(files), await sights.bornAt(issue)));
    },
    async get(id, options) {
      options?.signal?.throwIfAborted();
      const number = numberOfId(id);
      const issue = number === null ? null : await issues.get(number, options);
      return issue && (await view(issue, await readPeople(files), await sights.bornAt(issue)));
    },
    async brief(issueId, query, options) {
      options?.signal?.throwIfAborted();
      const number = numberOfId(issueId);
      const issue = number === null ? null : await issues.get(number, options);
      if (!issue || !isHandedOver(issue, query)) return null;
      await sights.see(issue, query, () => commentsOf(issue));
      const sight = await sights.read(issue, query);
      if (!sight) return null;
      return toBrief({ issue, query, sight, people: await readPeople(files), comments: await commentsOf(issue), mask });
    },
    async permission(actor, options) {
      options?.signal?.throwIfAborted();
      return (await readPeople(files)).permission(actor);
    },
    async findActor(reference, options) {
      options?.signal?.throwIfAborted();
      return (await readPeople(files)).find(reference);
    },
    async ensureComment({ issueId, topic, body }, options) {
      options?.signal?.throwIfAborted();
      const issue = await required(issueId, options);
      return comments.ensure({ directory: commentDirectory(issue.number), topic, body }, options);
    },
    async ensureLabels({ issueId, add, remove }, options) {
      options?.signal?.throwIfAborted();
      const { path } = await required(issueId, options);
      await files.change(path, ({ file }) => changeList(file, 'labels', add, remove));
    },
    async ensureAssigned(issueId, assigned, options) {
      options?.signal?.throwIfAborted();
      const { path } = await required(issueId, options);
      const [add, remove] = assigned ? [[selfLogin], []] : [[], [selfLogin]];
      await files.change(path, ({ file }) => changeList(file, 'assignees', add, remove));
    },
    async *diagnose(options) {
      yield* diagnoseFolder(files, options);
      if (!(await files.folder.exists())) return;
      const all = await issues.list(options);
      const named = (await files.folder.list(issueDirectory)) ?? [];
      const left = named.filter((name) => /\.md$/i.test(name) && !/^readme\.md$/i.test(name)).length - all.size;
      yield {
        check: 'issues',
        ok: left === 0,
        detail: `${all.size} can be read${left === 0 ? '' : `, ${left} can't: the log says why`}.`,
        fix: left === 0 ? null : `mend the files in ${issueDirectory} that the log names`,
      };
    },
  };
}

function keyOf(number: number): string {
  return `local:${padNumber(number)}`;
}

function numberOfId(id: string): number | null {
  return /^\d{1,9}$/.test(id) ? Number(id) || null : null;
}
