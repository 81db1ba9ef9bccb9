import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isOwnerAlive, isProcessAlive, readOwner, readStartTime } from '../src/index.js';

const onLinux = process.platform === 'linux';

describe('whether a process lives', () => {
  it('is true of one that runs, and false once it has ended', async () => {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const pid = child.pid ?? expect.fail('no number');
    const startTime = readStartTime(pid);
    expect([isProcessAlive(pid, startTime), isProcessAlive(pid, null)]).toEqual([true, true]);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect([isProcessAlive(pid, startTime), isProcessAlive(pid, null)]).toEqual([false, false]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    'is false of what is no number of one: %j',
    (pid) => {
      expect(isProcessAlive(pid, null)).toBe(false);
    },
  );

  it.runIf(onLinux)('is false of one whose number was given out again (needs Linux)', () => {
    expect(isProcessAlive(process.pid, '1')).toBe(false);
    const owner = readOwner() ?? expect.fail('nobody');
    const [pid, , namespace] = owner.split('.');
    expect([isOwnerAlive(owner), isOwnerAlive(`${pid}.1.${namespace}`)]).toEqual([true, false]);
    // What runs in another container can't be judged.
    expect(isOwnerAlive(`${pid}.1.1`)).toBe(true);
  });

  it.runIf(onLinux)('is false of one that has ended and that nobody waited for (needs Linux)', async () => {
    const script = 'cat <&3 & echo $!; exec sleep 600';
    const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [said] = await once(child.stdout ?? expect.fail('no output'), 'data');
    const pid = Number(String(said));
    expect(pid).toBeGreaterThan(0);
    // A shell would wait for it, and `sleep` does not.
    await expect.poll(() => readFileSync(`/proc/${child.pid}/comm`, 'utf8'), { timeout: 20_000 }).toBe('sleep\n');
    expect(isProcessAlive(pid, null)).toBe(true);
    child.stdio[3]?.destroy();
    await expect.poll(() => isProcessAlive(pid, null), { timeout: 20_000 }).toBe(false);
    // The system still has it.
    expect(process.kill(pid, 0)).toBe(true);
  });
});
