import { join } from 'node:path';
import { expect } from 'vitest';
import { findSecret, readEverything } from './find-secret.js';
import type { ForgeKind } from './forge-host.js';
import { runBaton } from './run-baton.js';
import { makeScratch } from './scratch.js';

/** Runs the demo over a host, and looks at what it says that stands there. */
export async function tryDemoOver(forge: ForgeKind): Promise<void> {
  await using scratch = await makeScratch();
  const directory = join(scratch.path, 'demo');
  // Nobody's real token is needed, or goes anywhere.
  const token = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';
  const env = { GITHUB_TOKEN: token, GITLAB_TOKEN: token };
  const ended = await runBaton(['demo', '--forge', forge, '--json', '--dir', directory], { cwd: scratch.path, env });
  const result = JSON.parse(ended.stdout);
  expect(result).toMatchObject({
    schema: 'baton.demo/v1',
    forge,
    asPlanned: true,
    items: [
      { issue: { key: 'acme/shop#1' }, phase: 'reviewing', round: 1, pullRequest: { state: 'open', draft: true } },
      { issue: { key: 'acme/shop#2' }, phase: 'reviewing', round: 2, pullRequest: { state: 'open', draft: true } },
      { issue: { key: 'acme/shop#3' }, phase: 'waiting', wait: 'needs-person', pullRequest: null },
    ],
  });
  expect(ended.exitCode).toBe(0);
  const titles = {
    'baton/issue-1': /Refunds are printed wrong$/,
    'baton/issue-2': /large coupon makes the total negative$/,
  };
  for (const [index, [head, title]] of Object.entries(titles).entries()) {
    const request = result.requests.find((each: { readonly head: string }) => each.head === head);
    const { pullRequest } = result.items[index];
    expect(request).toMatchObject({
      number: pullRequest.number,
      title: expect.stringMatching(title),
      labels: ['baton'],
    });
    expect(request.body).toMatch(new RegExp(`^Closes acme/shop#${index + 1}\\n`));
    expect(request.body).toMatch(/\| `test` \| exit 0 · 5 pass · \S+ s \| \*\*exit 0 · [67] pass/);
    expect(pullRequest.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/acme\/shop\//);
  }
  expect(result.requests).toHaveLength(2);
  expect(findSecret(token, await readEverything(directory))).toEqual([]);
}
