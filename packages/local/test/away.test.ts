import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, type IssueQuery } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalWorld, type LocalWorld } from './local-world.js';

const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };

let world: LocalWorld;
beforeEach(async () => {
  world = await createLocalWorld();
});
afterEach(async () => world.dispose());

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    (answer) => `answered ${JSON.stringify(answer)}`,
    (error: unknown) => (BatonError.is(error) ? error.code : String(error)),
  );
}

describe('what is away for a while is not gone', () => {
  it.each(['', 'issues', 'pulls'])('the folder %j', async (away) => {
    await world.write('issues/0001-cart.md', '---\nlabels: [baton]\nauthor: alice\n---\nOff by one.\n');
    await world.push('baton/local-0001');
    const { source, forge } = world.createLocal();
    await source.poll(query, null);
    const body = 'Closes local:0001\n';
    const request = { head: 'baton/local-0001', base: 'main', title: 'Count once', body, draft: true, labels: [] };
    const { pullRequest } = await forge.ensurePullRequest(request);
    const looks = async (): Promise<readonly string[]> => [
      await codeOf(source.get('0001')),
      await codeOf(source.brief('0001', query)),
      await codeOf(forge.observe([{ id: pullRequest.id, cursor: null }])),
    ];
    const there = await looks();
    const place = join(world.folder, away);
    await rename(place, `${world.folder}-away`);
    const expected = { '': [true, true, true], issues: [true, true, false], pulls: [false, false, true] }[away] ?? [];
    const missing = await looks();
    expect(missing.map((each) => each === 'UNAVAILABLE')).toEqual(expected);
    expect(missing.filter((each) => each === 'answered null' || each === 'answered [null]')).toEqual([]);
    await rename(`${world.folder}-away`, place);
    expect((await looks()).map((each) => each.slice(0, 8))).toEqual(there.map((each) => each.slice(0, 8)));
  });
});
