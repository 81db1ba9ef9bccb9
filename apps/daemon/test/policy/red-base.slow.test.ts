import { beforeAll, describe, expect, it } from 'vitest';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

/** Nineteen tests that nobody has mended for years, and one for each of the two answers that the file may give. */
const tests = `echo 'TAP version 14'
echo '1..20'
for number in $(seq 19); do echo "not ok $number - legacy case $number"; done
if grep -qx -e right -e wrong answer.txt; then echo 'ok 20 - answers'; else echo 'not ok 20 - answers'; fi
exit 1
`;

beforeAll(ensureBuilt, 180_000);

describe('checks that are red on the base (G27)', () => {
  it('publishes a fix that leaves just those red, and says so', async () => {
    await using scene = await makeLocalScene({
      files: { 'answer.txt': 'wrong\n', 'test.sh': tests },
      agent: () => 'cat > prompt.txt; echo right > answer.txt',
      project: () => ({ verify: { commands: [{ name: 'test', run: 'sh test.sh', report: 'tap' }] } }),
    });
    const ended = await scene.baton('start', '--once');
    expect(ended.exitCode).toBe(0);
    expect(await scene.job()).toMatchObject({ phase: 'reviewing', attempt: 1, round: 1 });
    const [pull] = await scene.pulls();
    expect(pull?.body).toMatch(
      /\| `test` \| exit 1 · 1 pass, 19 fail · \S.* \| \*\*exit 1 · 1 pass, 19 fail · \S.*\*\* \|/,
    );
    expect(pull?.body).toMatch(
      /^- test: 19 tests red on the base already and still red: `legacy case 1`, .*` and \d+ more\.$/m,
    );
    // The agent was told before it began, so that it didn't take them for its task.
    const prompt = await scene.inRemote('show', 'baton/issue-1:prompt.txt');
    expect(prompt).toMatch(/On the untouched base this check fails already: .*test/);
  });

  it('sends back what passed on the base, with what the check printed', async () => {
    await using scene = await makeLocalScene({
      files: { 'answer.txt': 'right\n', 'test.sh': tests },
      agent: () => `prompt=$(cat)
case $prompt in
  *'looked and found: left'*) printf '%s\\n' "$prompt" > prompt.txt; echo wrong > answer.txt ;;
  *) echo left > answer.txt ;;
esac`,
      project: () => ({
        verify: {
          commands: [
            { name: 'legacy', run: 'sh test.sh', report: 'tap' },
            {
              name: 'answer',
              run: 'echo "looked and found: $(cat answer.txt)" >&2; grep -qx -e right -e wrong answer.txt',
            },
          ],
        },
      }),
    });
    const ended = await scene.baton('start', '--once');
    expect(ended.exitCode).toBe(0);
    expect(await scene.job()).toMatchObject({ phase: 'reviewing', attempt: 1, round: 2 });
    const prompt = await scene.inRemote('show', 'baton/issue-1:prompt.txt');
    expect(prompt).toContain('is red: exit code 1. On the base: exit code 0.');
    expect(prompt).toContain('looked and found: left');
    // The one test that is new among the red ones, and the others as none of its business.
    expect(prompt).toMatch(/This test fails that did not fail on the base:\n- answers\n/);
    expect(prompt).toContain('Known failures, which you need not mend: `legacy case 1`, ');
    const [pull, ...others] = await scene.pulls();
    expect(others).toEqual([]);
    expect(pull?.body).toMatch(/\| `answer` \| exit 0 · \S+ \S+ \| \*\*exit 0 · \S+ \S+\*\* \|/);
    expect(pull?.body).toContain(' 2 rounds ');
  });

  it('are told by the doctor as a job takes them', async () => {
    const doctor = async (run: string, report: object, knownFailures: readonly string[] = []) => {
      await using scene = await makeLocalScene({
        files: { 'answer.txt': 'wrong\n', 'test.sh': tests },
        agent: () => 'true',
        project: () => ({
          // Else the doctor fails where there is no sandbox.
          sandbox: { mode: 'off' },
          verify: { commands: [{ name: 'test', run, ...report }], knownFailures },
        }),
      });
      const { exitCode, stdout } = await scene.baton('doctor', '--baseline');
      return [
        exitCode,
        /^ +(. web +baseline: .*(?:\n +fix: .*)?)$/m
          .exec(stdout)?.[1]
          ?.replaceAll(/@\w+| +/g, (part) => (part.startsWith('@') ? '' : ' ')),
      ];
    };
    const all = Array.from({ length: 19 }, (_, index) => `legacy case ${index + 1}`);
    const tap = { report: 'tap' };
    expect(await doctor('sh test.sh', tap, all)).toEqual([
      0,
      '✓ web baseline: test is red on main: 19 of 20 tests (legacy case 1, legacy case 2, legacy case 3, …), as verify.knownFailures lets it',
    ]);
    expect(await doctor('sh test.sh', tap, all.slice(1))).toEqual([
      0,
      '! web baseline: test is red on main: 1 of 20 tests (legacy case 1); a job is judged by what else fails\n fix: repair the base branch, or list the tests under verify.knownFailures',
    ]);
    expect(await doctor('sh test.sh', {})).toEqual([
      0,
      '! web baseline: test is red on main, which no test explains; a change that leaves it red waits for a person\n fix: repair the base branch, or have the command leave a report (verify.commands[].report)',
    ]);
    expect(await doctor('no-such-program', {})).toEqual([
      1,
      "✗ web baseline: test can't be measured on main (exit 127); nothing can be told of a change by it\n fix: mend the command, what it needs in the sandbox, or its time limit",
    ]);
  });
});
