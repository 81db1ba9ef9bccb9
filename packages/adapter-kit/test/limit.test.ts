import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLimit, mapFew } from '../src/index.js';

/** A task that goes on until it is told to end. */
function createTask(said: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = async (): Promise<string> => {
    said.push(`${name} begins`);
    return promise.finally(() => said.push(`${name} ends`));
  };
  return { run, end: () => resolve(name), fail: (error: Error) => reject(error) };
}

describe('a limit', () => {
  it('lets so many in, and the others as they came', async () => {
    const said: string[] = [];
    const limit = createLimit(2);
    const tasks = ['a', 'b', 'c', 'd'].map((name) => createTask(said, name));
    const results = tasks.map((task) => limit(task.run));
    await setImmediate();
    expect(said).toEqual(['a begins', 'b begins']);
    tasks[1]?.end();
    await results[1];
    await setImmediate();
    expect(said.slice(2)).toEqual(['b ends', 'c begins']);
    for (const task of tasks) task.end();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps the place of a running task that is aborted until it has ended', async () => {
    const said: string[] = [];
    const limit = createLimit(1);
    const [first, second] = [createTask(said, 'first'), createTask(said, 'second')];
    const aborting = new AbortController();
    const running = limit(first.run, { signal: aborting.signal });
    const next = limit(second.run);
    aborting.abort();
    await setImmediate();
    expect(said).toEqual(['first begins']);
    first.end();
    second.end();
    expect([await running, await next]).toEqual(['first', 'second']);
    expect(said).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('lets a waiting task leave at once, and never begins it', async () => {
    const said: string[] = [];
    const limit = createLimit(1);
    const [first, second, third] = [createTask(said, 'first'), createTask(said, 'second'), createTask(said, 'third')];
    const running = limit(first.run);
    const aborting = new AbortController();
    const left = limit(second.run, { signal: aborting.signal });
    const last = limit(third.run);
    const reason = new Error('gone');
    aborting.abort(reason);
    await expect(left).rejects.toBe(reason);
    await expect(limit(second.run, { signal: aborting.signal })).rejects.toBe(reason);
    first.fail(new Error('no'));
    third.end();
    await expect(running).rejects.toThrow('no');
    expect(await last).toBe('third');
    expect(said).not.toContain('second begins');
  });
});

describe('mapping a few at a time', () => {
  it('keeps the order, and has no more under way than a few', async () => {
    let [underWay, most] = [0, 0];
    const numbers = Array.from({ length: 40 }, (_, index) => index);
    const doubled = await mapFew(new Set(numbers), async (each) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await setImmediate();
      if (each % 3 === 0) await setImmediate();
      underWay -= 1;
      return each === 5 ? undefined : each * 2;
    });
    expect(doubled).toEqual(numbers.map((each) => (each === 5 ? undefined : each * 2)));
    expect(most).toBe(8);
  });

  it('ends with the first failure, once those under way have settled, and begins no more', async () => {
    const said: string[] = [];
    const slow = createTask(said, 'slow');
    const mapped = mapFew(Array.from({ length: 40 }).keys(), async (each) => {
      if (each === 0) return slow.run();
      if (each === 3) throw new Error('the first');
      if (each === 4) throw new Error('the second');
      said.push(`${each}`);
      await setImmediate();
      return String(each);
    });
    const settled = mapped.then(
      () => said.push('settled'),
      () => said.push('settled'),
    );
    for (let turns = 0; turns < 20; turns += 1) await setImmediate();
    expect(said.slice(0, 3)).toEqual(['slow begins', '1', '2']);
    expect(said.filter((each) => Number(each) >= 8)).toEqual([]);
    expect(said).not.toContain('settled');
    slow.end();
    await expect(mapped).rejects.toThrow('the first');
    await settled;
    expect(said.slice(-2)).toEqual(['slow ends', 'settled']);
  });
});
