import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

function read(look: () => string): string {
  try {
    return look();
  } catch {
    // It ended in between, or belongs to somebody else.
    return '';
  }
}

/** Living processes with this text in their arguments, environment or current directory, as `pid arguments`. */
export function leftProcesses(text: string): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    const argv = read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    const environment = read(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
    const cwd = read(() => readlinkSync(`/proc/${pid}/cwd`));
    if (![argv, environment, cwd].some((each) => each.includes(text))) return [];
    // A zombie has neither arguments nor a directory.
    return [`${pid} ${argv.replaceAll('\0', ' ').trim()}`];
  });
}
