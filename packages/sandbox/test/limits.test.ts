import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandLimits } from '../src/confine/command-limits.js';
import { mapGroupParents } from '../src/confine/control-groups.js';
import { createBubblewrapSandbox } from '../src/index.js';
import { measure, type Spawn } from '../src/measure/measure.js';
import { confined, createScene, run, type Scene, sandbox, shell, unconfined, weakenBubblewrap } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.dispose());

it('a policy that names no limit gets one', () => {
  const limits = commandLimits(scene.policy());
  expect(limits.memoryBytes).toBeGreaterThan(0);
  expect(limits.memoryBytes).toBeLessThanOrEqual(totalmem() / 2);
  expect(limits.processes).toBe(2048);
  expect(limits.temporaryBytes * 3).toBeLessThanOrEqual(limits.memoryBytes);
  expect(commandLimits(scene.policy({ maxMemoryBytes: 300, maxProcesses: 7 }))).toEqual({
    memoryBytes: 300,
    processes: 7,
    temporaryBytes: 100,
  });
});

/** What the kernel holds a group to that stands where ours do, by the word in a process's command line. */
function readLimits(word: string): { memory: number; processes: number } {
  const pid = readdirSync('/proc').findLast((name) => {
    const path = `/proc/${name}/cmdline`;
    return /^\d+$/.test(name) && existsSync(path) && readFileSync(path, 'latin1').includes(`${word}\0`);
  });
  const parents = mapGroupParents(
    readFileSync('/proc/self/mountinfo', 'utf8'),
    readFileSync(`/proc/${pid}/cgroup`, 'utf8'),
  );
  const read = (...names: string[]): number => {
    const file = parents.flatMap(({ directory }) => names.map((name) => join(directory, name))).find(existsSync);
    return file === undefined ? Number.NaN : Number(readFileSync(file, 'utf8'));
  };
  return { memory: read('memory.max', 'memory.limit_in_bytes'), processes: read('pids.max') };
}

describe.skipIf(unconfined !== null)(confined('limits'), () => {
  it('are in force where a policy names none', async (context) => {
    if ((await sandbox.measure()).memory === 'open') context.skip('needs control groups');
    const word = `unlimited-${process.pid}`;
    await using running = await sandbox.spawn({ argv: shell('sleep 60; :', word) }, scene.policy());
    const limits = commandLimits(scene.policy());
    const found = readLimits(word);
    // The kernel counts memory in pages.
    expect(Math.abs(found.memory - limits.memoryBytes)).toBeLessThan(65_536);
    expect(found.processes).toBe(limits.processes);
    expect(running.exit).toBeDefined();
  });

  it('hold in every directory in memory', async () => {
    const places = '"$HOME" "$TMPDIR" /tmp /dev /dev/shm / /run /var/tmp';
    const script = `for place in ${places}; do (head -c 20M /dev/zero > $place/fill) 2>/dev/null && echo $place; rm -f $place/fill; done`;
    const policy = scene.policy({ maxMemoryBytes: 54 * 1024 * 1024 });
    const result = await run(sandbox, policy, { argv: shell(`${script}; echo > /dev/null && echo FINISHED`) });
    expect(result.stdout, result.stderr).toBe('FINISHED\n');
  });

  it.each(['memory', 'processes'] as const)('on %s that are not in force are told as open', async (kind) => {
    const generous = { memory: { maxMemoryBytes: 2 ** 31 }, processes: { maxProcesses: 1000 } }[kind];
    const lax: Spawn = (command, policy, call) => sandbox.spawn(command, { ...policy, ...generous }, call);
    const plain: Spawn = (command, policy, call) =>
      createBubblewrapSandbox({ mode: 'off' }).spawn(command, policy, call);
    const { report } = await measure(lax, plain, new AbortController().signal);
    expect(report.memory, report.detail).toBe('open');
    expect(report.detail).toContain(`no limit on ${kind} holds here`);
  });

  it('on temporary space that are not in force are told as open', async () => {
    const bubblewrap = await weakenBubblewrap(scene.outside, `'--size '*) ((i+=1)); continue;;`);
    const report = await createBubblewrapSandbox({ mode: 'best-effort', bubblewrap }).measure();
    expect(report.memory, report.detail).toBe('open');
    expect(report.detail).toContain('no limit on temporary space holds here');
  });
});
