import { lstat } from 'node:fs/promises';
import { bytesOfPath } from '@baton/adapter-kit';

/** Files that are looked at at once. */
const atOnce = 200;

/**
 * Of these files of a directory, those that were written, replaced or given other rights since an instant, in
 * nanoseconds of the file system's clock. By their change time, which no program can set; git looks at its seconds
 * alone, and a short run is over within one. What isn't there any more is left out.
 */
export async function listTouched(
  directory: string,
  paths: readonly string[],
  since: bigint,
): Promise<readonly string[]> {
  const touched: string[] = [];
  for (let at = 0; at < paths.length; at += atOnce) {
    const found = await Promise.all(
      paths.slice(at, at + atOnce).map(async (path) => {
        const is = await lstat(bytesOfPath(`${directory}/${path}`), { bigint: true }).catch(() => null);
        return is !== null && is.ctimeNs > since ? [path] : [];
      }),
    );
    touched.push(...found.flat());
  }
  return touched;
}
