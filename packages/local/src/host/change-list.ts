import { wordsShape } from './field-shapes.js';
import type { MarkdownChange, MarkdownFile } from './markdown-file.js';

/** Adds words to a list of the front matter and takes others off, without regard to case. Null where all is so already. */
export function changeList(
  file: MarkdownFile,
  field: string,
  add: readonly string[],
  remove: readonly string[],
): MarkdownChange | null {
  const parsed = wordsShape.safeParse(file.fields[field]);
  const present = parsed.success ? parsed.data : [];
  const gone = new Set(remove.map((word) => word.toLowerCase()));
  const kept = present.filter((word) => !gone.has(word.toLowerCase()));
  const there = new Set(kept.map((word) => word.toLowerCase()));
  const added = add.filter((word) => !there.has(word.toLowerCase()) && there.add(word.toLowerCase()));
  if (kept.length === present.length && added.length === 0) return null;
  return { fields: { [field]: [...kept, ...added] } };
}
