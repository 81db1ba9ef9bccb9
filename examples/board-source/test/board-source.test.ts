import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAdapter, createSystemRuntime } from '@baton/adapter-kit';
import { type IssueSourceRig, issueSourceContract } from '@baton/conformance';
import { createMemoryHost } from '@baton/memory';
import { it } from 'vitest';
import adapter from '../src/adapter.ts';
import { type BoardChange, foldIssue, readBoard, writeEvent } from '../src/board.ts';

issueSourceContract(it, async (): Promise<IssueSourceRig> => {
  const directory = await mkdtemp(join(tmpdir(), 'board-'));
  const host = createMemoryHost({ runtime: createSystemRuntime() });
  const source = await connectAdapter(adapter, 'source', { directory }, host);
  const permissions = {};
  const write = (people: string): Promise<void> => writeFile(join(directory, 'people.json'), people);
  let count = 0;
  const change = async (issue: string, by: string, made: BoardChange): Promise<string> => {
    await writeEvent(directory, { at: Date.now(), by, issue, ...made });
    return made.comment?.id ?? issue;
  };
  return {
    createSource: () => source,
    self: 'baton',
    missingId: '4711',
    openIssue: ({ author, ...issue }) => change(String(++count), author, issue),
    changeIssue: async (id, made, by) => void (await change(id, by, made)),
    comment: (issue, by, text) => change(issue, by, { comment: { id: `c${++count}`, text } }),
    editComment: async (issue, id, text, by) => void (await change(issue, by, { comment: { id, text } })),
    async comments(issue) {
      const { comments = [] } = foldIssue((await readBoard(directory)).filter((event) => event.issue === issue)) ?? {};
      return comments.map(({ id, by, text }) => ({ id, author: by, body: text }));
    },
    allow: (login, permission) => write(JSON.stringify(Object.assign(permissions, { [login]: permission }))),
    references: async (id) => [id, `#${id}`, `board#${id}`],
    footprint: () => readFile(join(directory, 'board.jsonl'), 'utf8').catch(() => ''),
    breakPermissions: () => write('{'),
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
});
