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
    addedLines: linesWith('+', patch),
    addedAt: placesOfAdded(patch),
    deletedLines: linesWith('-', patch),
    restore(now) {
      const before = applyPatch(now, reversePatch(patch), { autoConvertLineEndings: false });
      return before === false ? null : before;
    },
  };
}

function placesOfAdded({ hunks }: StructuredPatch): readonly number[] {
  return hunks.flatMap(({ newStart, lines }) => {
    // A line that the diff takes away, or a remark of git's, stands nowhere in the file.
    const standing = lines.filter((line) => line.startsWith('+') || line.startsWith(' ') || line === '');
    return standing.flatMap((line, index) => (line.startsWith('+') ? [newStart + index] : []));
  });
}

function linesWith(sign: '+' | '-', { hunks }: StructuredPatch): readonly string[] {
  return hunks.flatMap(({ lines }) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1)));
}
