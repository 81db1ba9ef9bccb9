import { pathOfBytes } from '@baton/adapter-kit';

/** What one file is called in a diff, as `Change.path` has it. Null where there is none: it is new, or was deleted. */
export interface DiffNames {
  readonly oldPath: string | null;
  readonly path: string | null;
}

/**
 * The parts of a diff as git writes it, a file each. A line feed alone ends a line of it: what else ends one to `^` of
 * a regular expression stands in lines that a change adds, with whatever it likes behind it.
 */
export function splitDiff(diff: string): readonly string[] {
  return diff === '' ? [] : diff.split(/(?<=\n)(?=diff --git )/);
}

/**
 * The names of a part, from its header (git-diff(1), "GENERATING PATCH TEXT WITH -P"). Exactly as they are: blanks at
 * an end and bytes that are no UTF-8 tell one file from another.
 */
export function namesOf(part: string): DiffNames {
  const hunk = part.indexOf('\n@@ ');
  const header = (hunk === -1 ? part : part.slice(0, hunk)).split('\n');
  const after = (start: string): string | null =>
    header.find((line) => line.startsWith(start))?.slice(start.length) ?? null;
  const [before, now] = [after('--- '), after('+++ ')];
  if (before !== null && now !== null) return { oldPath: withPrefix(before), path: withPrefix(now) };
  const [from, to] = [after('rename from ') ?? after('copy from '), after('rename to ') ?? after('copy to ')];
  if (from !== null && to !== null) return { oldPath: unquote(from), path: unquote(to) };
  const name = bothNames(after('diff --git ') ?? '');
  return {
    oldPath: after('new file mode ') === null ? name : null,
    path: after('deleted file mode ') === null ? name : null,
  };
}

/** Of `a/name b/name`, which git writes where nothing but the mode, or bytes that are no text, differ. */
function bothNames(written: string): string | null {
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(written)?.[0];
  return withPrefix(quoted ?? written.slice(0, (written.length - 1) / 2));
}

/** A name with blanks in it has a tab behind it. */
function withPrefix(written: string): string | null {
  const name = unquote(written.replace(/\t$/, ''));
  return name === '/dev/null' ? null : name.replace(/^[ab]\//, '');
}

const escapes: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/** A name in quotes is written as in C, each byte that isn't ASCII in octal (`core.quotePath` of git-config(1)). */
function unquote(written: string): string {
  if (!/^".*"$/.test(written)) return written;
  const bytes = Buffer.from(written.slice(1, -1)).toString('latin1');
  return pathOfBytes(
    bytes.replace(/\\([0-7]{3}|.)/g, (_, escaped: string) =>
      escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : (escapes[escaped] ?? escaped),
    ),
  );
}
