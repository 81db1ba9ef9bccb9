import { toldFailures, toldFailuresAt, writeTold } from '@baton/agent-kit/testing';
import { createManualClock } from '@baton/conformance';
import type { JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { type Api, ask, createClient, startRawServer } from './raw-server.js';

/** How each protocol tells a failure inside an answer. */
const inside: Readonly<Record<Api, (error: JsonValue) => JsonValue>> = {
  chat: (error) => ({ error }),
  responses: (error) => ({ type: 'response.failed', response: { status: 'failed', error } }),
};

describe.each(['chat', 'responses'] as const)('by %s', (api) => {
  it.each(toldFailures.map((each) => [each.name, each] as const))(
    '%s means what it does for every client',
    async (_, told) => {
      const { status, headers, body, code, retryAfterMs, stop } = told;
      await using server = await startRawServer(() =>
        status === null ? { events: [inside[api](body)] } : { status, headers, text: writeTold(told) },
      );
      const asked = ask(createClient(api, server.url, { clock: createManualClock(toldFailuresAt) }));
      const details = retryAfterMs === null ? {} : { retryAt: toldFailuresAt + retryAfterMs };
      if (stop === null) await expect(asked).rejects.toMatchObject({ code, details });
      else expect((await asked).stop.unified).toBe(stop);
    },
  );
});
