import { client, methods, PROTOCOL_VERSION, type Stream } from '@agentclientprotocol/sdk';
import { BatonError, type JsonValue } from '@baton/core';
import { z } from 'zod';
import { answerPermission } from './answer-permission.js';

/** What a turn is asked. */
export interface TurnText {
  /** For a session that knows what came before. */
  readonly next: string;
  /** For one that doesn't. */
  readonly whole: string;
}

/** How a conversation is held. */
export interface ConversationRequest {
  /** Name of the adapter, for errors. */
  readonly adapter: string;
  readonly stream: Stream;
  /** The working directory, as the agent sees it. */
  readonly root: string;
  /** The session to go on with. Null: a new one. */
  readonly session: string | null;
  /** The mode to set, by the agent's own name for it. Null: as it is. */
  readonly mode: string | null;
  readonly text: TurnText;
  /** What the agent says of itself, before anything is asked of it. */
  onGreeting(greeting: AgentGreeting): void;
  /** The prompt goes out now, in this session. */
  onPrompt(session: SessionFound): Promise<void>;
  /** Permission is asked for, for this call. It was given. */
  onPermission(toolCall: JsonValue): Promise<void>;
  /** A person is asked. Nobody answers. */
  onQuestion(question: string): void;
}

/** What an agent says of itself. */
export interface AgentGreeting {
  readonly name: string | null;
  readonly version: string | null;
}

/** The session that a prompt goes to. */
export interface SessionFound {
  readonly id: string;
  /** Whether another process can go on with it. */
  readonly lasts: boolean;
}

/** A conversation under way. */
export interface Conversation {
  /** The agent's word for why it stopped. Rejects with a `RequestError` of the SDK, or with `PROTOCOL_VIOLATION`. */
  readonly stopReason: Promise<string>;
  /** Asks the agent to end its turn. It need not. */
  cancel(): void;
  close(): void;
}

const text = z.string().nullish().catch(null);
const object = z.looseObject({}).nullish().catch(null);

const greeting = z.looseObject({
  protocolVersion: z.number(),
  agentInfo: z.looseObject({ name: text, version: text }).nullish().catch(null),
  agentCapabilities: z
    .looseObject({
      loadSession: z.boolean().nullish().catch(null),
      sessionCapabilities: z.looseObject({ resume: object }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});

const newSession = z.looseObject({ sessionId: z.string().min(1).max(512) });
const promptEnd = z.looseObject({ stopReason: z.string().max(100) });

/** Neither files nor terminals are offered: an agent has its own, inside the sandbox. */
const clientCapabilities = { fs: { readTextFile: false, writeTextFile: false }, terminal: false };

/**
 * Greets an agent, finds or makes the session, and asks one turn of it:
 * https://agentclientprotocol.com/protocol/v1/overview.
 */
export function converse(request: ConversationRequest): Conversation {
  let session: string | null = null;
  const connection = client({ name: 'baton' })
    .onRequest(methods.client.session.requestPermission, async ({ params }) => {
      const answer = answerPermission(params);
      if (params.sessionId === session) await request.onPermission(mapJson(params.toolCall));
      return answer;
    })
    .onRequest(methods.client.elicitation.create, ({ params }) => {
      request.onQuestion(params.message);
      return { action: 'cancel' };
    })
    .connect(request.stream);
  const { agent } = connection;
  const place = { cwd: request.root, mcpServers: [] };

  const ask = async (): Promise<string> => {
    const hello = read(
      greeting,
      await agent.request(methods.agent.initialize, {
        protocolVersion: PROTOCOL_VERSION,
        clientCapabilities,
        clientInfo: { name: 'baton', version: '1' },
      }),
    );
    const { protocolVersion, agentInfo, agentCapabilities } = hello;
    request.onGreeting({ name: agentInfo?.name ?? null, version: agentInfo?.version ?? null });
    if (protocolVersion !== PROTOCOL_VERSION) throw otherVersion(protocolVersion);
    const goOn = agentCapabilities?.sessionCapabilities?.resume
      ? methods.agent.session.resume
      : agentCapabilities?.loadSession === true
        ? methods.agent.session.load
        : null;
    const found = request.session === null || goOn === null ? null : await find(goOn, request.session);
    const id = found ?? read(newSession, await agent.request(methods.agent.session.new, place)).sessionId;
    if (request.mode !== null) {
      await agent.request(methods.agent.session.setMode, { sessionId: id, modeId: request.mode });
    }
    await request.onPrompt({ id, lasts: goOn !== null });
    session = id;
    const prompt = found === null ? request.text.whole : request.text.next;
    const end = await agent.request(methods.agent.session.prompt, {
      sessionId: id,
      prompt: [{ type: 'text', text: prompt }],
    });
    return read(promptEnd, end).stopReason;
  };

  /** Null where the agent doesn't have it any more: a session that was killed early may never have been written. */
  const find = async (
    method: typeof methods.agent.session.resume | typeof methods.agent.session.load,
    sessionId: string,
  ): Promise<string | null> => {
    try {
      await agent.request(method, { ...place, sessionId });
      return sessionId;
    } catch (error) {
      if (connection.signal.aborted) throw error;
      return null;
    }
  };

  const read = <Value>(schema: z.ZodType<Value>, value: unknown): Value => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const received = (JSON.stringify(value) ?? 'nothing').slice(0, 200).toWellFormed();
    throw new BatonError('PROTOCOL_VIOLATION', `The agent answered what can't be read: ${received}`, {
      details: { received },
      adapter: request.adapter,
    });
  };

  const otherVersion = (version: number): BatonError =>
    new BatonError('PROTOCOL_VIOLATION', `The agent speaks version ${version} of the Agent Client Protocol.`, {
      details: { received: `protocol version ${version}` },
      adapter: request.adapter,
      fix: `Install a version of it that speaks version ${PROTOCOL_VERSION}.`,
    });

  const stopReason = ask();
  stopReason.catch(() => {});
  return {
    stopReason,
    cancel() {
      if (session === null || connection.signal.aborted) return;
      agent.notify(methods.agent.session.cancel, { sessionId: session }).catch(() => {});
    },
    close: () => connection.close(),
  };
}

/** What came as JSON is JSON; the SDK types it by its schema. */
function mapJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null));
}
