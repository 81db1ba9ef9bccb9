import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findSecret, readEverything, type Written } from '../support/find-secret.js';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

/** Known by the name of its variable, and because the configuration names its variable. */
const canaries = { ACME_TOKEN: 'canary-token-4f9d2c81', ACME_MODEL: 'canary-model-77ab01ce' };
const encoded = Buffer.from(`user:${canaries.ACME_TOKEN}`).toString('base64');

const issue = `---
title: The answer is wrong, says ${canaries.ACME_TOKEN}
labels: [baton]
author: alice
---
Log in with ${canaries.ACME_TOKEN} or ${canaries.ACME_MODEL}; the header is ${encoded}.
`;

/** One that prints what it came by, and mends what was asked. */
const chatty = `echo "I used ${canaries.ACME_MODEL} and ${encoded}."; echo right > answer.txt`;

describe('a secret that the daemon holds', () => {
  it('is in no file of the state, and in nothing that the command prints, though people and agents said it', async () => {
    await using at = await makeLocalScene({
      agent: () => chatty,
      project: () => ({
        agents: [
          { use: 'command', run: chatty },
          { use: 'openai', model: 'none', keyEnv: 'ACME_MODEL', when: { labels: ['never'] } },
        ],
        sandbox: { mode: 'off' },
      }),
      env: canaries,
    });
    await writeFile(join(at.path, 'tracker', 'issues', '0001-answer.md'), issue);
    expect((await at.baton('run', '1', '--no-publish')).exitCode).toBe(7);
    expect((await at.baton('steer', '1', '-m', `use ${canaries.ACME_TOKEN}`)).exitCode).toBe(0);
    const printed: Written[] = [];
    const lines = [
      ...['list', 'status', 'plan'].map((verb) => [verb]),
      ...['show', 'logs', 'audit', 'explain'].map((verb) => [verb, '1']),
      ['show', '1', '--diff'],
      ['cancel', canaries.ACME_TOKEN],
    ];
    for (const argv of [...lines, ...lines.map((each) => [...each, '--json'])]) {
      const { stdout, stderr } = await at.baton(...argv);
      printed.push({ where: argv.join(' '), text: stdout + stderr });
    }
    const { stdout, stderr } = await at.baton('start', '--once', '--log-level', 'debug', '--json');
    printed.push({ where: 'start --once', text: stdout + stderr });
    const state = join(at.path, 'state');
    const kept = await readEverything(state);
    expect(kept.map(({ where }) => where)).toContain(join(state, 'sqlite', 'store.db'));
    for (const secret of Object.values(canaries)) expect(findSecret(secret, [...printed, ...kept])).toEqual([]);
    // It was said, and what stands in its place says which it was.
    expect(printed.find(({ where }) => where === 'show 1')?.text).toContain('[ACME_TOKEN]');
    expect(kept.map(({ text }) => text).join('')).toContain('[ACME_MODEL]');
  });
});
