import type { AnyMessage, Stream } from '@agentclientprotocol/sdk';
import { BatonError, type JsonValue } from '@baton/core';
import { parseAgentLine } from '@baton/model-proxy';
import { readLines } from './read-lines.js';

/** What an agent says beside answers and requests. Waited for, so that one who talks faster than it is heard waits too. */
export interface AgentListener {
  /** The parameters of `session/update`, as they came. */
  onUpdate(params: JsonValue): Promise<void>;
  /** A line that is no message of the protocol, or one that nobody waits for; clipped to 500 characters. */
  onNoise(text: string): Promise<void>;
}

const noiseCharacters = 500;
/** Lines that are no messages. A program with more of them doesn't speak this protocol. */
const mostNoise = 1_000;
/** Answers of ours that an agent may leave unread before no more of it is heard. */
const mostUnread = 64;

type JsonObject = { readonly [key: string]: JsonValue };

/**
 * The SDK's stream over an agent's pipes. In place of the SDK's own, since that one reads without end what nobody
 * takes, and writes about what it can't use to the daemon's standard error. Lets through requests, and answers to
 * what was asked, each once.
 */
export function createAgentStream(
  pipes: { readonly stdin: WritableStream<Uint8Array>; readonly stdout: ReadableStream<Uint8Array> },
  listener: AgentListener,
): Stream {
  const asked = new Set<JsonValue>();
  const encoder = new TextEncoder();
  const lines = readLines(pipes.stdout);
  const writer = pipes.stdin.getWriter();
  // An agent that has ended, or reads nothing, is noticed by what it says.
  writer.closed.catch(() => {});
  let unread: Promise<void>[] = [];
  let noise = 0;

  const hear = async (line: string): Promise<void> => {
    noise += 1;
    if (noise > mostNoise) {
      const received = `more than ${mostNoise} lines that are no messages`;
      const message = `The agent printed ${received} of the Agent Client Protocol.`;
      throw new BatonError('PROTOCOL_VIOLATION', message, { details: { received } });
    }
    await listener.onNoise(line.slice(0, noiseCharacters).toWellFormed());
  };

  /** The message, where it is one for the SDK. */
  const take = async (line: string): Promise<JsonObject | null> => {
    const message = parse(line);
    const isCall = typeof message?.['method'] === 'string';
    if (message !== null && isCall && 'id' in message) return message;
    if (isCall && message?.['method'] === 'session/update') await listener.onUpdate(message['params'] ?? null);
    else if (message !== null && !isCall && asked.delete(message['id'] ?? null)) return message;
    else if (!isCall) await hear(line);
    return null;
  };

  return {
    readable: new ReadableStream<AnyMessage>(
      {
        async pull(controller) {
          for (;;) {
            if (unread.length > mostUnread) await Promise.all(unread);
            const { done, value } = await lines.next();
            if (done) {
              controller.close();
              return;
            }
            const message = await take(value);
            if (message === null) continue;
            // Checked as far as the SDK looks at it; what it holds is parsed where it is used.
            controller.enqueue(message as unknown as AnyMessage);
            return;
          }
        },
        async cancel() {
          await lines.return();
        },
      },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream<AnyMessage>({
      write(message) {
        if ('method' in message && 'id' in message) asked.add(message.id ?? null);
        const written = writer.write(encoder.encode(`${JSON.stringify(message)}\n`)).catch(() => {});
        unread.push(written);
        void written.then(() => {
          unread = unread.filter((each) => each !== written);
        });
      },
    }),
  };
}

function parse(line: string): JsonObject | null {
  const value = parseAgentLine(line)?.value ?? null;
  return typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject | null) : null;
}
