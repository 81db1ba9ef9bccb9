import { toldFailures, toldFailuresAt, writeTold } from '@baton/agent-kit/testing';
import { createManualClock } from '@baton/conformance';
import { expect, it } from 'vitest';
import { createClaudeClient } from '../src/api/client.js';
import { startMessagesServer, writeEvents } from './messages-server.js';

it.each(toldFailures.map((each) => [each.name, each] as const))(
  '%s means what it does for every client',
  async (_, told) => {
    const server = await startMessagesServer([
      (_, response) => {
        if (told.status !== null) response.writeHead(told.status, told.headers).end(writeTold(told));
        else {
          writeEvents(response, [{ type: 'error', error: told.body }]);
          response.end();
        }
      },
    ]);
    const client = createClaudeClient({
      adapter: 'claude',
      model: 'm',
      apiKey: 'sk-canary-0123456789',
      keyEnv: 'K',
      baseUrl: server.url,
      stallMs: 60_000,
      clock: createManualClock(toldFailuresAt),
    });
    try {
      const messages = [{ role: 'user' as const, text: 'x' }];
      const asked = client.call({ instructions: 'x', tools: [], messages, maxOutputTokens: 9 }, {});
      const { code, retryAfterMs, stop } = told;
      const details = retryAfterMs === null ? {} : { retryAt: toldFailuresAt + retryAfterMs };
      if (stop === null) await expect(asked).rejects.toMatchObject({ code, details });
      else expect((await asked).stop.unified).toBe(stop);
    } finally {
      await server.close();
    }
  },
);
