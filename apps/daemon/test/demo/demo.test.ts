import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, runBaton } from '../support/run-baton.js';
import { makeScratch } from '../support/scratch.js';

async function listFiles(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Every file below a directory, by what is in it. */
async function fingerprint(directory: string): Promise<Readonly<Record<string, string>>> {
  const hashes = (await listFiles(directory)).toSorted().map(async (file) => {
    const bytes = await readFile(file);
    return [file, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}

beforeAll(ensureBuilt, 180_000);

describe('baton demo', () => {
  it('brings two issues to pull requests and one to a question; after that nothing is done twice', async () => {
    await using scratch = await makeScratch();
    const directory = join(scratch.path, 'demo');
    const at = { cwd: scratch.path, env: { GITHUB_TOKEN: 'ghp_0123456789abcdefghijklmnopqrstuvwxyz' } };
    const ended = await runBaton(['demo', '--json', '--dir', directory], at);
    const result = JSON.parse(ended.stdout);
    expect(result).toMatchObject({
      schema: 'baton.demo/v1',
      asPlanned: true,
      items: [
        {
          issue: { key: 'local:0001' },
          phase: 'reviewing',
          round: 1,
          pullRequest: { number: 1, state: 'open', draft: true },
        },
        { issue: { key: 'local:0002' }, phase: 'reviewing', round: 2, pullRequest: { number: 2, state: 'open' } },
        { issue: { key: 'local:0003' }, phase: 'waiting', wait: 'needs-person', pullRequest: null },
      ],
    });
    expect(ended.exitCode).toBe(0);
    const [first] = result.items;
    // What was measured: the new tests stand on the head only; nobody says what it cost.
    expect(first.checks).toMatchObject([
      {
        name: 'test',
        basis: 'tests',
        base: { exitCode: 0, tests: { passed: 5 } },
        head: { exitCode: 0, tests: { passed: 7 } },
      },
      // The tests that were there pass as they were.
      { name: "test (with the base's tests)", basis: 'tests', head: { exitCode: 0, tests: { passed: 5 } } },
    ]);
    expect(first.cost).toEqual({ usd: null, basis: 'unknown' });

    // The daemon's token is in no file, no log and no answer (G28).
    const files = await Promise.all((await listFiles(directory)).map((file) => readFile(file, 'latin1')));
    expect([...files, ended.stdout, ended.stderr].filter((each) => each.includes(at.env.GITHUB_TOKEN))).toEqual([]);

    const inside = { cwd: directory };
    const look = (...argv: string[]) => runBaton(argv, inside);
    const places = [join(directory, 'tracker'), join(directory, 'shop.git')];
    const before = await Promise.all(places.map(fingerprint));
    const again = await look('start', '--once', '--json=id,phase');
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.stdout).items).toEqual(
      result.items.map(({ id, phase }: { id: string; phase: string }) => ({ id, phase })),
    );
    expect(await Promise.all(places.map(fingerprint))).toEqual(before);

    const [byIssue, byPrefix, waiting, diff, ambiguous, ended1] = await Promise.all([
      look('show', '#1', '--json'),
      look('show', first.id.slice(0, 6), '--exit-code', '--json'),
      look('wait', 'shop#3', '--json', '--timeout', '5s'),
      look('show', 'local:0002', '--diff'),
      look('show', 'j'),
      look('cancel', 'local:0003'),
    ]);
    expect(JSON.parse(byIssue.stdout)).toMatchObject({ schema: 'baton.job/v1', id: first.id });
    expect(JSON.parse(byIssue.stdout).timeline.map(({ step }: { step: string }) => step)).toEqual([
      'claim',
      'prepare',
      'baseline',
      'work',
      'verify',
      'publish',
    ]);
    expect(byPrefix.exitCode).toBe(0);
    expect(waiting.exitCode).toBe(7);
    expect(diff.stdout).toContain('+    total = Math.max(0, total - discountOf(coupon, total));');
    expect(ambiguous.exitCode).toBe(3);
    expect(ambiguous.stderr).toMatch(/could be .+ \(local:000\d, \w+\), .+\nfix: type more of the id\n$/);
    expect(ended1.exitCode).toBe(0);

    expect((await look('start', '--once')).exitCode).toBe(0);
    const cancelled = await look('show', 'local:0003', '--exit-code', '--json');
    expect(JSON.parse(cancelled.stdout)).toMatchObject({ phase: 'cancelled', outcome: 'cancelled' });
    expect(cancelled.exitCode).toBe(130);

    const audit = await look('audit', first.id, '--json');
    const entries = audit.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    const report = JSON.parse((await look('report', '--json')).stdout);
    expect(report.all).toMatchObject({ jobs: 3, open: 2, ended: 1, usd: null, usdPerMerged: null });
  }, 120_000);
});
