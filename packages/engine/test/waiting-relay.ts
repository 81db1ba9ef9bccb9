import { expect } from 'vitest';
import { createRelay, fix } from './relay.js';

export const hour = 60 * 60_000;
export type Relay = ReturnType<typeof createRelay>;

/** Handed in; the round that a reviewer asked for then asks a person. */
export async function asking(prompts: string[] = []): Promise<Relay> {
  const relay = createRelay(async (turn, key) => {
    prompts.push(turn.prompt);
    if (prompts.length === 1) return fix(turn, key);
    if (prompts.length === 2) return { outcome: 'needs-person', summary: 'Which name?' };
    await turn.workspace.writeFile('app.txt', `mended ${prompts.length}\n`);
    return {};
  });
  relay.source.people.set('bob', 'write');
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  relay.forge.review(1, { body: 'Name it better.' });
  relay.runtime.clock.advance(60_000);
  await relay.runOnce();
  expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
  return relay;
}

/** One that asks before there is a pull request. */
export async function askingFirst(): Promise<Relay> {
  const relay = createRelay(async () => ({ outcome: 'needs-person', summary: 'Which?' }));
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
  return relay;
}

export async function hours(relay: Relay, count: number): Promise<void> {
  for (let each = 0; each < count; each += 1) {
    relay.runtime.clock.advance(hour);
    await relay.runOnce();
  }
}
