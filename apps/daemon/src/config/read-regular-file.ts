import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const mostBytes = 4 * 1024 * 1024;

/**
 * The text of a file that a person named. Rejects with the system's code, or with `ENOTREG` where it is a pipe or a
 * device, which may never end, and `EFBIG` where it is longer than any such file is.
 */
export async function readRegularFile(path: string): Promise<string> {
  // Without waiting: a pipe opens once somebody writes to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (found.isDirectory()) throw withCode('EISDIR');
    if (!found.isFile()) throw withCode('ENOTREG');
    if (found.size > mostBytes) throw withCode('EFBIG');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}
