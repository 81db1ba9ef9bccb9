import { execFileSync } from 'node:child_process';

/** Whether a program can be started, whatever it says to these arguments. */
export function hasProgram(program: string, ...argv: string[]): boolean {
  try {
    execFileSync(program, argv, { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
