import { setTimeout as wait } from 'node:timers/promises';
import { collectTurn } from '@baton/agent-kit/testing';
import { createManualClock } from '@baton/conformance';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createScene, realKey, type Scene } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.dispose());

const turn = async (flaw: string, prompt: string, limits = {}) => {
  const session = await scene.agent(flaw).start({ workspace: scene.workspace.view, instructions: 'The rules.' });
  const collected = await collectTurn(session, prompt, limits);
  expect(await scene.workspace.processes()).toEqual([]);
  return collected;
};

describe('an agent that', () => {
  it.each([
    ['exits before it says anything', 'exits-early', 'failed', 'exit 7', /without an answer\.\n\nno licence found$/],
    ['is killed', 'dies', 'failed', 'signal SIGKILL', /signal SIGKILL/],
    ['closes its output and then exits', 'closes-output', 'failed', 'exit 3', /exit 3/],
    ['speaks another version of the protocol', 'too-old', 'failed', 'unreadable', /version 0 .*\nInstall a version/s],
    ['greets oddly', 'odd-greeting', 'failed', 'unreadable', /can't be read: \{"hello":"there"\}/],
    ['wants a person to log in', 'wants-login', 'unavailable', 'auth_required', /fake 1\.2\.3 asks to be logged in/],
    ['prints a line without end', 'endless-line', 'failed', 'unreadable', /a line of more than 16777216 bytes/],
    ['prints what is no message', 'chatter', 'failed', 'unreadable', /more than 1000 lines that are no messages/],
    ['prints a gigabyte', 'gigabyte', 'failed', 'unreadable', /more than 268435456 bytes/],
  ])('%s ends its turn by name, and nothing runs on (G11, G33)', async (_, flaw, unified, raw, words) => {
    const { end } = await turn(flaw, 'deed: edit');
    expect(end.outcome).toEqual({ unified, raw });
    expect(end.summary).toMatch(words);
  });

  it('is not there ends its turn by name', async () => {
    const agents = [
      scene.agent('', { agent: { run: 'no-such-agent-anywhere --acp' } }),
      scene.agent('', { agent: { preset: 'opencode', program: 'no-such-agent-anywhere' } }),
    ];
    const ends: unknown[] = [];
    for (const agent of agents) {
      const session = await agent.start({ workspace: scene.workspace.view, instructions: '' });
      const { end } = await collectTurn(session, 'deed: edit');
      ends.push(end.outcome, end.summary);
    }
    expect(ends).toEqual([
      { unified: 'failed', raw: 'exit 127' },
      expect.stringContaining('no-such-agent-anywhere'),
      { unified: 'failed', raw: 'not started' },
      expect.stringContaining('ENOENT'),
    ]);
  });

  it.each(['silent', 'not-json'])('is %s ends its turn once it should have been ready', async (flaw) => {
    const clock = createManualClock();
    const agent = scene.agent(flaw, { clock });
    const session = await agent.start({ workspace: scene.workspace.view, instructions: '' });
    const collected = collectTurn(session, 'deed: edit');
    while (clock.sleeping === 0) await wait(5);
    clock.advance(120_000);
    const { end, events } = await collected;
    expect(end.outcome).toEqual({ unified: 'failed', raw: 'silent' });
    expect(events.length).toBeLessThan(100);
    expect(clock.sleeping).toBe(0);
    expect(await scene.workspace.processes()).toEqual([]);
  });

  it('answers and is gone at once is understood', async () => {
    const { end } = await turn('exits-at-once', 'deed: edit');
    expect(end).toMatchObject({ outcome: { unified: 'done' }, summary: 'I edited the file.' });
  });

  it('never exits is ended when it has answered (G11)', async () => {
    const { end } = await turn('never-exits', 'deed: edit');
    expect(end.outcome).toEqual({ unified: 'done', raw: 'end_turn' });
  });

  it('forges answers, updates and other sessions is heard for what it says in its own (and the log stays clean)', async () => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
    const clock = createManualClock();
    const agent = scene.agent('none', { clock });
    const session = await agent.start({ workspace: scene.workspace.view, instructions: '' });
    const texts: string[] = [];
    const others: string[] = [];
    const calls: unknown[] = [];
    for await (const event of session.run({
      prompt: 'deed: forge',
      limits: { maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: clock.now() + 1_000 },
    })) {
      if (event.type === 'text-delta') {
        texts.push(event.text);
        clock.advance(1_000);
      }
      if (event.type === 'tool-call' || event.type === 'tool-result') calls.push([event.type, event.callId]);
      if (event.type === 'provider-event') others.push(JSON.stringify(event.value));
      if (event.type === 'turn-end') expect(event.outcome).toEqual({ unified: 'limit-reached', raw: 'deadline' });
    }
    expect(texts).toEqual(['still here']);
    expect(calls).toEqual([
      ['tool-call', 'same'],
      ['tool-result', 'same'],
      ['tool-call', 'nobody'],
      ['tool-result', 'nobody'],
    ]);
    expect(Math.max(...others.map((each) => each.length))).toBeLessThan(3_000);
    expect(complaints).not.toHaveBeenCalled();
    complaints.mockRestore();
  });
});

describe('a turn', () => {
  it.each([
    ['refuse', 'refused', 'refusal', ''],
    ['tokens', 'limit-reached', 'max_tokens', ''],
    ['requests', 'limit-reached', 'max_turn_requests', ''],
    ['novel', 'failed', 'bored', ''],
    ['question', 'needs-person', 'question', 'Which of the two?'],
    ['elicitation', 'needs-person', 'question', 'Which one?'],
    ['files', 'done', 'end_turn', '-32601 -32601 -32601'],
    ['always', 'done', 'end_turn', '{"outcome":{"outcome":"cancelled"}}'],
  ])('that is asked to %s is %s', async (deed, unified, raw, summary) => {
    const { end } = await turn('none', `deed: ${deed}`);
    expect(end).toMatchObject({ outcome: { unified, raw }, summary });
  });

  it('tells what was done, and allows it once only', async () => {
    const { events } = await turn('none', 'deed: edit');
    const told = events.filter((event) => event.type === 'tool-call' || event.type === 'tool-result');
    expect(told).toEqual([
      { type: 'tool-call', callId: expect.any(String), tool: 'edit', input: { path: 'edited.txt' } },
      { type: 'tool-result', callId: expect.any(String), output: 'ok', isError: false },
    ]);
    expect(await scene.read('answer.json')).toBe('{"outcome":{"outcome":"selected","optionId":"once"}}');
  });

  it('gives the agent a placeholder for the key, and an environment from empty', async () => {
    process.env['CANARY_OF_THE_DAEMON'] = 'canary';
    await turn('none', 'deed: edit');
    delete process.env['CANARY_OF_THE_DAEMON'];
    const seen = (await scene.read('environment.txt')) ?? '';
    expect(seen).toMatch(/^OPENAI_API_KEY=baton-[0-9a-f]+$/m);
    expect(seen).not.toContain(realKey);
    expect(seen).not.toContain('canary');
  });

  it('is given the instructions first, and the prompt alone once the session knows them', async () => {
    const session = await scene.agent().start({ workspace: scene.workspace.view, instructions: 'The rules.' });
    await collectTurn(session, 'deed: edit');
    expect(await scene.read('prompt.txt')).toMatch(/^The rules\.\n\n.*QUESTION FOR A PERSON.*\n\ndeed: edit$/s);
    const { text } = await collectTurn(session, 'Go on. deed: edit');
    expect(await scene.read('prompt.txt')).toBe('Go on. deed: edit');
    expect(text).not.toContain('THE PAST');
  });

  it('begins anew where the agent keeps no sessions, or has lost this one', async () => {
    const forgetful = scene.agent('forgets');
    const session = await forgetful.start({ workspace: scene.workspace.view, instructions: 'The rules.' });
    const { events } = await collectTurn(session, 'deed: edit');
    expect(events.filter((event) => event.type === 'checkpoint')).toEqual([]);
    await collectTurn(session, 'Go on.');
    expect(await scene.read('prompt.txt')).toMatch(/^The rules\..*deed: edit\n\nGo on\.$/s);
    const state = { agent: 'acp', version: 1, data: { session: 's-gone' } };
    const request = { workspace: scene.workspace.view, instructions: 'The rules.', state };
    const resumed = await scene.agent().resume?.(request);
    if (resumed) await collectTurn(resumed, 'Anew.');
    expect(await scene.read('prompt.txt')).toMatch(/^The rules\..*Anew\.$/s);
  });

  it.each([
    ['heeds it', 'obeys'],
    ['goes on', 'none'],
  ])('is ended where the agent comes to a limit and %s', async (_, flaw) => {
    const { end } = await turn(flaw, 'deed: spend', { maxSteps: 3 });
    expect(end.outcome).toEqual({ unified: 'limit-reached', raw: 'max steps' });
    expect(end.usage.inputTokens).toBe(300);
    expect(scene.model.calls).toBe(3);
  });

  it.each([
    [401, {}, 'unavailable', 'AUTH_FAILED', undefined],
    [429, { 'retry-after': '60' }, 'unavailable', 'RATE_LIMITED', Date.UTC(2026, 0, 1, 0, 1)],
    [500, {}, 'unavailable', 'UNAVAILABLE', undefined],
    [400, {}, 'failed', 'PROTOCOL_VIOLATION', undefined],
  ])('tells what the provider answered: %i (G23, G33)', async (status, headers, unified, raw, retryAt) => {
    scene.model.answer((response) => void response.writeHead(status, headers).end('{"error":{"message":"no"}}'));
    const agent = scene.agent('none', { clock: createManualClock(Date.UTC(2026, 0, 1)) });
    const session = await agent.start({ workspace: scene.workspace.view, instructions: '' });
    const { end } = await collectTurn(session, 'deed: edit');
    expect(end.outcome).toEqual({ unified, raw });
    expect(end.retryAt).toBe(retryAt);
  });

  it('is unavailable where the agent asks again and again what can’t be answered (G23)', async () => {
    scene.model.answer((response) => void response.writeHead(529).end());
    const clock = createManualClock();
    const session = await scene
      .agent('insists', { clock })
      .start({ workspace: scene.workspace.view, instructions: '' });
    let settled = false;
    const collected = collectTurn(session, 'deed: edit').finally(() => {
      settled = true;
    });
    while (scene.model.calls < 2) await wait(5);
    while (!settled) {
      clock.advance(5_000);
      await wait(5);
    }
    const { end } = await collected;
    expect(end.outcome).toEqual({ unified: 'unavailable', raw: 'UNAVAILABLE' });
    expect(clock.sleeping).toBe(0);
    expect(await scene.workspace.processes()).toEqual([]);
  });

  it('waits for a reader who is slow, so that a talkative agent fills no memory', async () => {
    const session = await scene.agent('none').start({ workspace: scene.workspace.view, instructions: '' });
    const limits = { maxSteps: 500, maxTokens: null, maxMicroUsd: null, deadline: null };
    let taken = 0;
    for await (const event of session.run({ prompt: 'deed: spend', limits })) {
      taken += 1;
      if (event.type === 'usage') break;
    }
    expect(taken).toBeLessThan(10);
    await session.close();
    expect(await scene.workspace.processes()).toEqual([]);
  });
});
