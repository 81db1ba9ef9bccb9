import { chmodSync, statSync } from 'node:fs';

/**
 * Takes away what other accounts of the machine may do in a directory: below it lie the code of private
 * repositories, work that nobody has published, and the texts of issues. Nothing happens where none is there, or
 * where it belongs to somebody else, who alone can change it.
 */
export function closeToOthers(directory: string): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined || (found.mode & 0o077) === 0 || found.uid !== process.getuid?.()) return;
  chmodSync(directory, 0o700);
}
