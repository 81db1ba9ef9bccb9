/**
 * Some lines of a text, from one (counted from 1) and as many as there are up to `most`, without what ends them; and
 * how many it has. Not by taking it apart: a file may be nothing but line feeds, by the million.
 */
export function takeLines(
  text: string,
  first: number,
  most: number,
): { readonly lines: readonly string[]; readonly total: number } {
  const lines: string[] = [];
  let total = 0;
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('\n', at);
    const end = found === -1 ? text.length : found;
    total += 1;
    if (total >= first && lines.length < most) {
      lines.push(text.slice(at, found > at && text[end - 1] === '\r' ? end - 1 : end));
    }
    at = end + 1;
  }
  return { lines, total };
}
