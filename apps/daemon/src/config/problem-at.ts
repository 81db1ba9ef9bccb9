import type { ConfigDocument } from './config-document.js';
import { type ConfigProblem, formatKeyPath, type KeyPath } from './config-problem.js';

/** A problem of the value at a path, with its place in the document. */
export function problemAt(
  document: ConfigDocument,
  path: KeyPath,
  told: Pick<ConfigProblem, 'message' | 'fix'>,
): ConfigProblem {
  const place = document.place(path);
  const at = { line: place?.line ?? null, column: place?.column ?? null };
  return { file: document.file, ...at, path: formatKeyPath(path), ...told };
}
