import { createSystemRuntime } from '@baton/adapter-kit';
import {
  type CollectedTurn,
  collectTurn,
  createTestWorkspace,
  type TestWorkspace,
  unlimited,
} from '@baton/agent-kit/testing';
import { type CodingAgentRig, codingAgentContract, createManualClock } from '@baton/conformance';
import { BatonError, type Command, type RunningCommand } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommandAgent } from '../src/index.js';

const unknown = {
  inputTokens: null,
  cachedInputTokens: null,
  outputTokens: null,
  microUsd: null,
  basis: 'unknown',
} as const;

// Outlives its parent, its session and a polite request, and holds the pipes.
const survivor = `(trap '' TERM HUP; setsid sh -c "trap '' TERM HUP; sleep 1000; sleep 1000" &)`;

describe('contract', () => {
  codingAgentContract(it, async (): Promise<CodingAgentRig> => {
    const workspace = await createTestWorkspace();
    const clock = createManualClock();
    const run = `
      case "$(tail -n 1)" in
        edit) printf 'edited\\n' > edited.txt ;;
        fail) echo broken >&2; exit 3 ;;
        ask) echo 'Which one?'; exit 10 ;;
        hang) trap '' TERM; ${survivor}; touch hanging; while :; do sleep 1000; done ;;
      esac`;
    return {
      createAgent: () => createCommandAgent({ run, clock }),
      workspace: workspace.view,
      clock,
      prompts: { edit: 'edit', fail: 'fail', hang: 'hang', ask: 'ask', escape: null, enter: null },
      edit: { path: 'edited.txt', content: 'edited\n', usage: unknown },
      secrets: [],
      processes: workspace.processes,
      escaped: async () => false,
      dispose: workspace.dispose,
    };
  });
});

describe('command agent', () => {
  let workspace: TestWorkspace;
  const { clock } = createSystemRuntime();
  beforeEach(async () => {
    workspace = await createTestWorkspace();
  });
  afterEach(() => workspace.dispose());

  const start = (run: string, instructions = '') =>
    createCommandAgent({ run, clock }).start({ workspace: workspace.view, instructions });
  const runTurn = async (run: string, prompt = 'the task'): Promise<CollectedTurn> =>
    collectTurn(await start(run), prompt);

  it.each([
    ['exits 0 having changed nothing', 'true', 'done', 'exit 0'],
    ['deletes everything', 'rm -rf -- * .[!.]*', 'done', 'exit 0'],
    ['asks without words', 'exit 10', 'needs-person', 'exit 10'],
    ['asks to be tried later', 'exit 75', 'unavailable', 'exit 75'],
    ['is not installed', 'no-such-program-anywhere', 'failed', 'exit 127'],
    ['is killed', 'kill -9 $$', 'failed', 'signal SIGKILL'],
    ['closes every pipe and goes on for a moment', 'exec <&- >&- 2>&-; sleep 0.1; exit 3', 'failed', 'exit 3'],
    ['leaves a survivor that holds the pipes and ignores TERM', survivor, 'done', 'exit 0'],
    ['leaves a survivor that floods', '(setsid yes &) ; sleep 0.1', 'done', 'exit 0'],
  ])('a program that %s ends by name, and nothing runs on (G11, G33)', async (_, run, unified, raw) => {
    const { end } = await runTurn(run);
    expect(end.outcome).toEqual({ unified, raw });
    expect(end.usage).toEqual(unknown);
    expect(await workspace.processes()).toEqual([]);
  });

  it('clips a flood of 200 MB without a line end, and keeps its last words', async () => {
    const { text, events, end } = await runTurn(`head -c 200000000 /dev/zero | tr '\\0' x; printf '\\n\\nlast words'`);
    expect(text).toHaveLength(262_144);
    const dropped = 200_000_000 + '\n\nlast words'.length - 262_144;
    expect(events).toContainEqual({ type: 'provider-event', value: { stderr: '', droppedCharacters: dropped } });
    expect(end.summary).toBe('last words');
    expect(Math.max(...events.map((event) => JSON.stringify(event).length))).toBeLessThan(300_000);
  });

  it('tells what is printed while the program runs', async () => {
    const session = await start('echo first; while [ ! -e go ]; do sleep 0.02; done; echo second');
    const texts: string[] = [];
    for await (const event of session.run({ prompt: '', limits: unlimited })) {
      if (event.type !== 'text-delta') continue;
      texts.push(event.text);
      await workspace.view.writeFile('go', '');
    }
    expect(texts).toEqual(['first\n', 'second\n']);
  });

  it('gives the prompt on standard input, and neither as an argument nor in the environment', async () => {
    const run = `cat > input; tr '\\0' '\\n' < /proc/$$/cmdline > seen; env >> seen`;
    const session = await start(run, 'the rules');
    await collectTurn(session, 'canary $(touch owned)');
    const read = async (path: string) => new TextDecoder().decode((await workspace.view.readFile(path)) ?? undefined);
    expect(await read('input')).toBe('the rules\n\ncanary $(touch owned)\n');
    expect(await read('seen')).not.toContain('canary');
    expect(await workspace.view.readFile('owned')).toBeNull();
    await collectTurn(session, 'the tests are red');
    expect(await read('input')).toBe('the rules\n\ncanary $(touch owned)\n\nthe tests are red\n');
  });

  it('survives a program that reads none of a long prompt', async () => {
    const { end } = await runTurn('exec <&-; echo fine', 'x'.repeat(8_000_000));
    expect(end).toMatchObject({ outcome: { unified: 'done' }, summary: 'fine' });
  });

  it('says why a program failed, within bounds', async () => {
    const { end } = await runTurn(`seq 100000; seq 100000 >&2; echo 'no route to host' >&2; exit 4`);
    expect(end.summary).toMatch(/^The program ended with exit 4\.\n\n.*100000\n\n.*no route to host$/s);
    expect(end.summary.length).toBeLessThan(4_000);
  });

  it.each([
    ['./no-such-script', 'exit 127', './x is relative to the checkout'],
    ['touch plain; ./plain', 'exit 126', 'could not be executed'],
  ])('says of %s what is missing, and what to do', async (run, code, words) => {
    const { end } = await runTurn(run);
    expect(end.summary).toMatch(new RegExp(`^The program ended with ${code}: `));
    expect(end.summary).toContain(words);
    expect(end.summary).toContain('sandbox.readable');
  });

  it('makes well-formed words of colours and broken characters', async () => {
    const { end, text } = await runTurn(`printf '\\033[31mred\\033[0m \\377 \\303'`);
    expect(end.summary).toBe('red \uFFFD \uFFFD');
    expect(text.isWellFormed()).toBe(true);
  });

  it('tells the same of a program that commits by itself', async () => {
    const git = 'git -c user.name=a -c user.email=a@example.com -c init.defaultBranch=main';
    const work = 'echo x > file; echo finished';
    const honest = await runTurn(work);
    const cheat = await runTurn(`${git} init -q; ${work}; ${git} add -A; ${git} commit -qm mine`);
    expect(cheat.events).toEqual(honest.events);
  });

  it('starts nothing once the deadline has passed', async () => {
    const session = await start('touch started');
    const { end } = await collectTurn(session, '', { deadline: clock.now() - 1 });
    expect(end.outcome).toEqual({ unified: 'limit-reached', raw: 'deadline' });
    expect(await workspace.view.readFile('started')).toBeNull();
  });

  it('is closed only once the program is gone, also where nobody takes its events', async () => {
    let gone = false;
    const spawn = async (command: Command): Promise<RunningCommand> => {
      const running = await workspace.view.spawn(command);
      const dispose = async (): Promise<void> => {
        await running[Symbol.asyncDispose]();
        await new Promise((resolve) => setTimeout(resolve, 50));
        gone = true;
      };
      return { ...running, [Symbol.asyncDispose]: dispose };
    };
    const agent = createCommandAgent({ run: 'echo begun; sleep 1000', clock });
    const session = await agent.start({ workspace: { ...workspace.view, spawn }, instructions: '' });
    for await (const event of session.run({ prompt: '', limits: unlimited })) {
      if (event.type !== 'text-delta') continue;
      await session.close();
      expect(gone).toBe(true);
      break;
    }
  });

  it('ends the turn as failed where the program could not be started, and lets other errors through', async () => {
    const refuse = (error: Error) => ({ ...workspace.view, spawn: () => Promise.reject(error) });
    const agent = createCommandAgent({ run: 'true', clock });
    const broken = new BatonError('COMMAND_FAILED', 'sh is missing.', { details: { command: 'sh' } });
    const { end } = await collectTurn(await agent.start({ workspace: refuse(broken), instructions: '' }), '');
    expect(end).toMatchObject({ outcome: { unified: 'failed', raw: 'not started' }, summary: 'sh is missing.' });
    const full = new BatonError('DISK_FULL', 'No room.', { details: { path: '/' } });
    const session = await agent.start({ workspace: refuse(full), instructions: '' });
    await expect(collectTurn(session, '')).rejects.toBe(full);
  });

  it('refuses to be built with nothing to run', () => {
    expect(() => createCommandAgent({ run: ' ', clock })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
