import { applyPatch, parsePatch, reversePatch, type StructuredPatch } from 'diff';
import { type DiffNames, namesOf, splitDiff } from './diff-names.js';

/** What a unified diff tells of one file. */
export interface FileDiff extends DiffNames {
  /** Without the leading `+`. */
  readonly addedLines: readonly string[];
  /** Where each of `addedLines` stands in the file, from 1. */
  readonly addedAt: readonly number[];
  /** Without the leading `-`. */
  readonly deletedLines: readonly string[];
  /** The file as it was, from how it is; null where the diff doesn't fit to it. */
  readonly restore: (now: string) => string | null;
}

/** Reads a unified diff as git writes it, in order. Null where it can't be read: then nothing may be concluded from it. */
export function parseChangeDiff(diff: string): readonly FileDiff[] | null {
  try {
    const files: FileDiff[] = [];
    for (const part of splitDiff(diff)) {
      const [patch, ...more] = parsePatch(part);
      if (patch === undefined || more.length > 0) return null;
      files.push(mapPatch(patch, namesOf(part)));
    }
    return files;
  } catch {
    // The library throws on hunks whose counts don't fit.
    return null;
  }
}

function mapPatch(patch: StructuredPatch, names: DiffNames): FileDiff {
  return {
    ...names,
    ...linesOf(patch),
    restore(now) {
      const before = applyPatch(now, reversePatch(patch), { autoConvertLineEndings: false });
      return before === false ? null : before;
    },
  };
}

/** In one go: a diff of the longest that is read may have eight million lines. */
function linesOf({ hunks }: StructuredPatch): Pick<FileDiff, 'addedLines' | 'addedAt' | 'deletedLines'> {
  const addedLines: string[] = [];
  const addedAt: number[] = [];
  const deletedLines: string[] = [];
  for (const { newStart, lines } of hunks) {
    let at = newStart;
    for (const line of lines) {
      if (line.startsWith('+')) {
        addedLines.push(line.slice(1));
        addedAt.push(at);
      }
      // A line that the diff takes away, or a remark of git's, stands nowhere in the file.
      if (line.startsWith('-')) deletedLines.push(line.slice(1));
      else if (!line.startsWith('\\')) at += 1;
    }
  }
  return { addedLines, addedAt, deletedLines };
}
