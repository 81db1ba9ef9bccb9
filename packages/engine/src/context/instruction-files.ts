import type { JobData, ToldFile } from '../job/job-data.js';
import type { StepContext } from '../job/step-context.js';
import { clip, stripHidden } from '../text/untrusted-text.js';
import { readBaseFile } from './base-file.js';
import { namedFolders } from './named-folders.js';

/** A file of the repository that tells agents how to work on it. */
export interface InstructionFile {
  readonly path: string;
  /** Without what a page doesn't show of it, and cut to what is told. Never empty. */
  readonly text: string;
  readonly isCut: boolean;
}

/** What a repository tells agents. */
export interface RepositoryInstructions {
  /** In the order in which they are told: the nearer a file is to what the issue names, the later. */
  readonly files: readonly InstructionFile[];
  /** Every file that was there, and what became of it, where that isn't all of it. */
  readonly told: readonly ToldFile[];
}

/** In characters: of one file, and of all. */
const longestFile = 16_000;
const longestTogether = 40_000;
/** What is read in folders as well, where a project's files name it. */
const perFolder = 'AGENTS.md';
const mostFolders = 12;

/**
 * Reads the files of these names at the commit that the job began on, from git and never from a checkout, where an
 * earlier turn may have changed them; and `AGENTS.md` of the folders that the issue names. What is there and can't be
 * told doesn't keep the job from being worked. Rejects where it can't be read for now.
 */
export async function readInstructionFiles(
  context: StepContext,
  names: readonly string[],
): Promise<RepositoryInstructions> {
  const { base, brief } = context.job().data;
  if (base === null || names.length === 0) return { files: [], told: [] };
  const folders = names.includes(perFolder) ? namedFolders(wordsOf(brief), mostFolders) : [];
  const files: InstructionFile[] = [];
  const told: ToldFile[] = [];
  const said = new Map<string, string>();
  let room = longestTogether;
  for (const path of new Set([...names, ...folders.map((folder) => `${folder}/${perFolder}`)])) {
    const found = await readBaseFile(context, base, path);
    if (found === null) continue;
    if ('leftOut' in found) {
      told.push({ path, note: `left out: ${found.leftOut}` });
      continue;
    }
    const whole = stripHidden(found.text).trim();
    const twin = said.get(whole);
    if (whole === '' || twin !== undefined || room === 0) {
      const why = whole === '' ? 'it says nothing' : twin ? `it says what ${twin} says` : 'the others left no room';
      told.push({ path, note: `left out: ${why}` });
      continue;
    }
    const { text, clipped } = clip(whole, Math.min(longestFile, room));
    room -= text.length;
    said.set(whole, path);
    files.push({ path, text, isCut: clipped });
    told.push({ path, note: clipped ? `cut after ${text.length} of ${whole.length} characters` : null });
  }
  return { files, told };
}

function wordsOf(brief: JobData['brief']): string {
  return [brief?.title, brief?.body, ...(brief?.comments ?? []).map(({ body }) => body)].join('\n');
}
