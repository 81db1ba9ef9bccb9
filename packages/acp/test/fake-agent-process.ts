/**
 * An agent of the Agent Client Protocol without a model of its own, in raw lines, so that it can break every rule.
 * Its first argument says which; its prompt says what to do: `deed: edit`.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId?: string; readonly prompt?: readonly { readonly text: string }[] };
  readonly result?: unknown;
  readonly error?: { readonly code: number };
}

const flaw = process.argv[2] ?? 'none';
const home = process.env['HOME'] ?? '.';
const answers = new Map<number, (message: Message) => void>();
let asked = 1000;
const cancelled: (() => void) | null = null;

const say = (message: object): void => {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
};
const update = (sessionId: string, value: object): void =>
  say({ method: 'session/update', params: { sessionId, update: value } });
const speak = (sessionId: string, text: string): void =>
  update(sessionId, { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const ask = (method: string, params: object): Promise<Message> =>
  new Promise((resolve) => {
    asked += 1;
    answers.set(asked, resolve);
    say({ id: asked, method, params });
  });
const block = (): Promise<never> => new Promise(() => setInterval(() => {}, 1_000_000));

/** What was said so far, in this session and in earlier processes of it. */
let said: readonly { readonly role: 'user'; readonly content: string }[] = [];

/** One call to the model, as a client of OpenAI's chat makes it. Its status. */
async function callModel(more: object = {}): Promise<number> {
  const response = await fetch(`${process.env['OPENAI_BASE_URL']}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env['OPENAI_API_KEY']}` },
    body: JSON.stringify({
      model: 'test-model',
      max_tokens: 50,
      messages: said,
      ...more,
    }),
  });
  await response.text();
  return response.status;
}

const deeds: Readonly<Record<string, (session: string) => Promise<string | { code: number; message: string }>>> = {
  async edit(session) {
    let status = await callModel();
    while (status !== 200 && flaw === 'insists') {
      await new Promise((resolve) => setTimeout(resolve, 20));
      status = await callModel();
    }
    if (status !== 200) return { code: -32603, message: `the model answered ${status}` };
    const call = { toolCallId: `${session}-${process.hrtime.bigint()}`, kind: 'edit', title: 'Write edited.txt' };
    update(session, { sessionUpdate: 'tool_call', ...call, status: 'pending', rawInput: {} });
    const { result } = await ask('session/request_permission', {
      sessionId: session,
      toolCall: { ...call, rawInput: { path: 'edited.txt' } },
      options: [
        { optionId: 'for-ever', name: 'Always', kind: 'allow_always' },
        { optionId: 'once', name: 'Once', kind: 'allow_once' },
        { optionId: 'no', name: 'No', kind: 'reject_once' },
      ],
    });
    writeFileSync('answer.json', JSON.stringify(result));
    writeFileSync('edited.txt', 'edited\n');
    update(session, {
      sessionUpdate: 'tool_call_update',
      toolCallId: call.toolCallId,
      status: 'completed',
      rawOutput: 'ok',
    });
    speak(session, 'I edited ');
    speak(session, 'the file.');
    return 'end_turn';
  },
  async enter() {
    said = [...said, { role: 'user', content: readFileSync('inner/note.txt', 'utf8') }];
    await callModel();
    return 'end_turn';
  },
  async hang() {
    spawn('sleep', ['1000'], { stdio: 'inherit' });
    writeFileSync('hanging', '');
    return block();
  },
  async secret(session) {
    for (const character of `tk-${'4f9a8c7e6d5b'.repeat(4)}`) speak(session, character);
    speak(session, '0'.repeat(3_980));
    return 'end_turn';
  },
  async question(session) {
    speak(session, 'I looked.\n\nQUESTION FOR A PERSON: Which of the two?');
    return 'end_turn';
  },
  async elicitation(session) {
    const params = { sessionId: session, mode: 'form', message: 'Which one?', requestedSchema: { type: 'object' } };
    const { result } = await ask('elicitation/create', params);
    writeFileSync('answer.json', JSON.stringify(result));
    return 'end_turn';
  },
  async spend(session) {
    for (;;) {
      const status = await callModel();
      if (status === 400)
        await new Promise<void>((resolve) => (cancelled === null ? resolve() : setTimeout(resolve, 10)));
      if (flaw === 'obeys' && status === 400) return 'cancelled';
      speak(session, `${status} `);
    }
  },
  async files(session) {
    const path = '/etc/passwd';
    const read = await ask('fs/read_text_file', { sessionId: session, path });
    const written = await ask('fs/write_text_file', { sessionId: session, path: `${home}/x`, content: 'x' });
    const terminal = await ask('terminal/create', { sessionId: session, command: 'touch', args: ['x'] });
    speak(session, [read, written, terminal].map((each) => each.error?.code ?? 'none').join(' '));
    return 'end_turn';
  },
  async always(session) {
    const options = [{ optionId: 'for-ever', name: 'Always', kind: 'allow_always' }];
    const toolCall = { toolCallId: 'a', title: 'x' };
    const { result } = await ask('session/request_permission', { sessionId: session, toolCall, options });
    speak(session, JSON.stringify(result));
    return 'end_turn';
  },
  async forge(session) {
    const { params } = { params: { sessionId: session } };
    update('another-session', { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'FORGED' } });
    for (const id of [0, 1, 3, 999, 'x', null]) say({ id, result: { stopReason: 'refusal' } });
    say({ result: {} });
    say({
      method: 'session/update',
      params: { ...params, update: { sessionUpdate: 'agent_message_chunk', content: 7 } },
    });
    say({ method: 'session/update', params: 7 });
    say({ method: 'no/such', params });
    say({ id: 7, method: 'session/request_permission', params: {} });
    for (const status of ['pending', 'completed', 'completed', 'failed']) {
      update(session, { sessionUpdate: 'tool_call', toolCallId: 'same', title: 'x', status });
    }
    update(session, { sessionUpdate: 'tool_call_update', toolCallId: 'nobody', status: 'failed' });
    update(session, { sessionUpdate: 'plan', entries: [{ content: 'x'.repeat(100_000) }] });
    let deep = '1';
    for (let level = 0; level < 5_000; level += 1) deep = `[${deep}]`;
    const many = `[${'{},'.repeat(100_000)}{}]`;
    process.stdout.write(`{"jsonrpc":"2.0","method":"session/update","params":${many}}\n`);
    process.stdout.write(`{"jsonrpc":"2.0","method":"session/update","params":${deep}}\n[1]\n"x"\nnull\n{{\n`);
    speak(session, 'still here');
    return block();
  },
  async reach() {
    await callModel({ web_search_options: {} });
    return 'end_turn';
  },
  async refuse() {
    return 'refusal';
  },
  async tokens() {
    return 'max_tokens';
  },
  async requests() {
    return 'max_turn_requests';
  },
  async novel() {
    return 'bored';
  },
};

/** Ways to break before or instead of an answer to a prompt. */
const flaws: Readonly<Record<string, () => void | Promise<void>>> = {
  'exits-early': () => {
    process.stderr.write('no licence found\n');
    process.exit(7);
  },
  dies: () => void process.kill(process.pid, 'SIGKILL'),
  'closes-output': () => {
    process.stdout.destroy();
    setTimeout(() => process.exit(3), 50);
  },
  'endless-line': () => {
    const part = 'x'.repeat(1_048_576);
    const more = (): boolean => process.stdout.write(part, more);
    more();
  },
  gigabyte: () => {
    const params = { text: 'x'.repeat(1_000_000) };
    const part = `${JSON.stringify({ jsonrpc: '2.0', method: 'no/such', params })}\n`;
    const more = (): boolean => process.stdout.write(part, more);
    more();
  },
  chatter: () => {
    const more = (): boolean => process.stdout.write('{ Loading…\n'.repeat(100), more);
    more();
  },
};

async function take(message: Message): Promise<void> {
  const { id, method, params } = message;
  if (method === undefined) {
    answers.get(id ?? -1)?.(message);
    return;
  }
  const session = params?.sessionId ?? `s-${process.hrtime.bigint()}`;
  const answer = (result: object): void => say({ id, result });
  const fail = (code: number, text: string): void => say({ id, error: { code, message: text } });
  if (method === 'initialize') {
    if (flaw === 'silent') return;
    if (flaw === 'not-json') return void process.stdout.write('Welcome to the agent!\n'.repeat(100));
    if (flaws[flaw]) return flaws[flaw]();
    if (flaw === 'too-old') return answer({ protocolVersion: 0, agentInfo: { name: 'fake', version: '0.0.1' } });
    if (flaw === 'odd-greeting') return answer({ hello: 'there' });
    const agentCapabilities = { loadSession: flaw !== 'forgets' };
    return answer({ protocolVersion: 1, agentCapabilities, agentInfo: { name: 'fake', version: '1.2.3' } });
  }
  if (method === 'session/new') {
    if (flaw === 'wants-login') return fail(-32000, 'Authentication required');
    return answer({ sessionId: session });
  }
  if (method === 'session/load') {
    if (!existsSync(`${home}/${session}`)) return fail(-32002, 'no such session');
    speak(session, 'THE PAST');
    return answer({});
  }
  if (method === 'session/set_mode') return answer({});
  if (method === 'session/cancel') return cancelled?.();
  if (method === 'session/prompt') {
    const prompt = params?.prompt?.map((each) => each.text).join('\n') ?? '';
    writeFileSync('prompt.txt', prompt);
    writeFileSync(
      'environment.txt',
      Object.entries(process.env)
        .map((pair) => pair.join('='))
        .join('\n'),
    );
    const path = `${home}/${session}`;
    said = [...(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []), { role: 'user', content: prompt }];
    writeFileSync(path, JSON.stringify(said));
    const deed = deeds[[...prompt.matchAll(/deed: (\w+)/g)].at(-1)?.[1] ?? ''];
    const end = await (deed ?? deeds['refuse'])?.(session);
    if (typeof end === 'object') return fail(end.code, end.message);
    if (flaw === 'exits-at-once') {
      process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: { stopReason: end } })}\n`, () =>
        process.exit(5),
      );
      return;
    }
    return answer({ stopReason: end });
  }
  return fail(-32601, method);
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => void take(JSON.parse(line)));
lines.on('close', () => {
  if (flaw !== 'never-exits') process.exit(0);
  else void block();
});
