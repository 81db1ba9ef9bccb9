import { createHash } from 'node:crypto';

/** Ten characters that differ where the content does: for change detection and file names, not for security. */
export function contentHash(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('base64url').slice(0, 10);
}
