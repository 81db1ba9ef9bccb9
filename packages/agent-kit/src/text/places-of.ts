/** Of passages up to here the engine's own search takes no longer than its bounds on a text allow. */
const shortPassage = 256;

/**
 * Where a passage stands in a text, each place behind the one before, in the time of both lengths. The engine's own
 * search takes their product for some: half a minute for 64,000 letters in two million.
 */
export function* placesOf(text: string, passage: string): Generator<number, undefined> {
  if (passage.length <= shortPassage) {
    const step = Math.max(1, passage.length);
    for (let at = text.indexOf(passage); at !== -1; at = text.indexOf(passage, at + step)) yield at;
    return undefined;
  }
  // Knuth, Morris and Pratt: how much of the passage's beginning still stands behind each of its characters.
  const standing = new Int32Array(passage.length);
  const after = (matched: number, code: number): number => {
    let kept = matched;
    while (kept > 0 && passage.charCodeAt(kept) !== code) kept = standing[kept - 1] ?? 0;
    return passage.charCodeAt(kept) === code ? kept + 1 : kept;
  };
  for (let at = 1; at < passage.length; at += 1) {
    standing[at] = after(standing[at - 1] ?? 0, passage.charCodeAt(at));
  }
  let matched = 0;
  for (let at = 0; at < text.length; at += 1) {
    matched = after(matched, text.charCodeAt(at));
    if (matched < passage.length) continue;
    yield at + 1 - matched;
    matched = 0;
  }
  return undefined;
}
