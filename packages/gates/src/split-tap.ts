/** One document of a TAP stream. */
export interface TapDocument {
  readonly text: string;
  /** The package whose script printed it, as npm and its like announce it. Empty: nobody said so. */
  readonly label: string;
}

/** Nobody nests tests deeper, and a parser that is given more steps down until its stack ends. */
const deepestIndent = 64 * 4;
const longestLine = 20_000;

/**
 * Takes apart what several producers printed one after another, such as the workspaces of `npm test --workspaces`:
 * a parser stops at the end of the first. A document ends where another version or plan begins, or a test comes
 * after all that were planned.
 */
export function splitTap(text: string): readonly TapDocument[] {
  const documents: TapDocument[] = [];
  let label = '';
  let lines: string[] = [];
  let tests = 0;
  let begun = false;
  let plan: { readonly count: number; readonly atEnd: boolean } | null = null;
  const close = (): void => {
    if (begun) documents.push({ text: `${lines.join('\n')}\n`, label });
    lines = [];
    tests = 0;
    begun = false;
    plan = null;
  };
  const isFull = (): boolean => plan !== null && (plan.atEnd || tests >= plan.count);
  for (const each of text.split('\n')) {
    const line = each.replace(/\r$/, '');
    if (line.length > deepestIndent && line.slice(0, deepestIndent + 1).trim() === '') continue;
    const script = /^> ((?:@[\w.-]+\/)?[\w.-]+)@\S+ \S+$/.exec(line)?.[1];
    if (script !== undefined) {
      close();
      label = script;
      continue;
    }
    const planned = /^1\.\.(\d+)/.exec(line)?.[1];
    if (/^TAP version \d+/i.test(line)) {
      close();
      begun = true;
    } else if (planned !== undefined) {
      if (plan !== null) close();
      plan = { count: Number(planned), atEnd: tests > 0 || Number(planned) === 0 };
      begun = true;
    } else if (/^(?:not )?ok\b/.test(line)) {
      if (isFull()) close();
      tests += 1;
      begun = true;
    } else if (/^Bail out!/i.test(line)) begun = true;
    lines.push(line.length > longestLine ? line.slice(0, longestLine) : line);
  }
  close();
  return documents;
}
