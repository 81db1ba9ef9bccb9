import { existsSync } from 'node:fs';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeLocalScene } from '../support/local-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

const { network } = await createBubblewrapSandbox({ mode: 'best-effort' }).measure();
const socat = ['/usr/bin/socat', '/usr/local/bin/socat'].find((each) => existsSync(each));

/** Asks the proxy that a command finds in its environment for a host. */
const ask = (target: string): string =>
  `printf 'CONNECT ${target} HTTP/1.1\\r\\nHost: ${target}\\r\\n\\r\\n' | socat - "TCP:\${HTTPS_PROXY#http://}"`;

beforeAll(ensureBuilt, 180_000);

describe.skipIf(network === 'open' || socat === undefined)(
  'connections that are refused (needs bubblewrap and socat)',
  () => {
    it('are told in the pull request and of the job, each of the agent, the setup or a check', async () => {
      await using scene = await makeLocalScene({
        agent: () => `for time in 1 2 3; do ${ask('evil.example:443')} >/dev/null; done; echo right > answer.txt`,
        project: () => ({
          workspace: {
            ...{ use: 'git-worktree', spares: 0 },
            setup: { run: `${ask('registry.example:80')} >/dev/null`, network: ['mirror.example'] },
          },
          verify: {
            commands: [{ name: 'answer', run: `${ask('[::1]:25')} >/dev/null; grep -qx right answer.txt` }],
          },
          sandbox: { mode: 'required', network: ['allowed.example'] },
        }),
      });
      const ended = await scene.baton('start', '--once');
      expect(ended.exitCode, ended.stderr).toBe(0);
      const job = await scene.job();
      expect(job).toMatchObject({ refusals: { more: 0 } });
      const [pull] = await scene.pulls();
      expect(pull?.body).toContain('- the agent asked for `evil.example:443`, refused 3 times: ');
      expect(pull?.body).toMatch(/- the setup asked for `registry\.example:80`, refused/);
      expect(pull?.body).toMatch(/- a check asked for `\[::1\]:25`, refused/);
      const shown = (await scene.baton('show', 'local:0001')).stdout;
      expect(shown).toContain('the agent asked for evil.example:443, refused 3 times: ');
    });
  },
);
