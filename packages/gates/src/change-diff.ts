import { applyPatch, parsePatch, reversePatch, type StructuredPatch } from 'diff';

/** What a unified diff tells of one file. */
export interface FileDiff {
  /** Null where the file was deleted. */
  readonly path: string | null;
  /** Null where the file is new. */
  readonly oldPath: string | null;
  /** Without the leading `+`. */
  readonly addedLines: readonly string[];
  /** Without the leading `-`. */
  readonly deletedLines: readonly string[];
  /** The file as it was, from how it is; null where the diff doesn't fit to it. */
  readonly restore: (now: string) => string | null;
}

/** Reads a unified diff as git writes it. Null where it can't be read: then nothing may be concluded from it. */
export function parseChangeDiff(diff: string): readonly FileDiff[] | null {
  try {
    return parsePatch(diff).map(mapPatch);
  } catch {
    // The library throws on hunks whose counts don't fit.
    return null;
  }
}

function mapPatch(patch: StructuredPatch): FileDiff {
  return {
    path: pathOf(patch.newFileName),
    oldPath: pathOf(patch.oldFileName),
    addedLines: linesWith('+', patch),
    deletedLines: linesWith('-', patch),
    restore(now) {
      const before = applyPatch(now, reversePatch(patch), { autoConvertLineEndings: false });
      return before === false ? null : before;
    },
  };
}

function linesWith(sign: '+' | '-', { hunks }: StructuredPatch): readonly string[] {
  return hunks.flatMap(({ lines }) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1)));
}

function pathOf(name: string | undefined): string | null {
  return name === undefined || name === '/dev/null' ? null : name.replace(/^[ab]\//, '');
}
