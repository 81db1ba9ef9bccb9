import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { CallOptions, Diagnosis } from '@baton/core';
import { readPeople } from './actor.js';
import type { MarkdownFolder } from './markdown-folder.js';

/** Whether the folder is there and can be written, and whether `people.yaml` can be read. */
export async function* diagnoseFolder(files: MarkdownFolder, options?: CallOptions): AsyncIterable<Diagnosis> {
  options?.signal?.throwIfAborted();
  const { root } = files.folder;
  if (!(await files.folder.exists())) {
    yield { check: 'folder', ok: false, detail: `${root} is not there.`, fix: `create ${root}/issues, or set path` };
    return;
  }
  const writable = await access(root, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  yield {
    check: 'folder',
    ok: writable,
    detail: `${root} ${writable ? 'can' : "can't"} be read and written.`,
    fix: writable ? null : `give the user that runs Baton access to ${root}`,
  };
  options?.signal?.throwIfAborted();
  const people = await readPeople(files);
  const problem = people.problem ?? people.entryProblem;
  yield {
    check: 'people',
    ok: problem === null,
    detail: problem === null ? 'Permissions can be told.' : `people.yaml ${problem}.`,
    fix: problem === null ? null : 'mend people.yaml; until then nobody can tell what those may do whom it should name',
  };
}
