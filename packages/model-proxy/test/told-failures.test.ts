import { toldFailures, toldFailuresAt, writeTold } from '@baton/agent-kit/testing';
import { createManualClock } from '@baton/conformance';
import type { JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import type { ModelProtocol } from '../src/index.js';
import { messagesBody, openChannel } from './open-channel.js';
import { startUpstream } from './upstream-mock.js';

interface Call {
  readonly path: string;
  readonly body: object;
  /** How the protocol tells a failure inside an answer. */
  inside(error: JsonValue): JsonValue;
}

const calls: Readonly<Record<ModelProtocol, Call>> = {
  'anthropic-messages': {
    path: '/v1/messages',
    body: messagesBody,
    inside: (error) => ({ type: 'error', error }),
  },
  'openai-responses': {
    path: '/v1/responses',
    body: { model: 'm', input: 'x' },
    inside: (error) => ({ type: 'response.failed', response: { status: 'failed', error } }),
  },
  'openai-chat': {
    path: '/v1/chat/completions',
    body: { model: 'm', messages: [{ role: 'user', content: 'x' }] },
    inside: (error) => ({ error }),
  },
};
const protocols = ['anthropic-messages', 'openai-responses', 'openai-chat'] as const;

describe.each(protocols)('through the proxy, by %s', (protocol) => {
  it.each(toldFailures.map((each) => [each.name, each] as const))(
    '%s means what it does without it',
    async (_, told) => {
      const { path, body, inside } = calls[protocol];
      await using upstream = await startUpstream();
      upstream.answer((response) => {
        if (told.status !== null) response.writeHead(told.status, told.headers).end(writeTold(told));
        else {
          const event = JSON.stringify(inside(told.body));
          response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${event}\n\n`);
        }
      });
      await using open = await openChannel(upstream.url, { protocol, clock: createManualClock(toldFailuresAt) }, null);
      const turn = open.channel.beginTurn({ maxSteps: null, maxTokens: null, maxMicroUsd: null, deadline: null });
      await open.call({ path, body });
      const { code, retryAfterMs } = told;
      const details = retryAfterMs === null ? {} : { retryAt: toldFailuresAt + retryAfterMs };
      expect(turn.failure).toMatchObject({ code, details });
    },
  );
});
