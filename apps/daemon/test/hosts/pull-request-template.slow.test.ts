import { beforeAll, describe, expect, it } from 'vitest';
import { makeForgeScene } from '../support/forge-scene.js';
import { ensureBuilt } from '../support/run-baton.js';

const template = `<!-- Thank you -->
## Description

Say what and why.

## Issue

Fixes #(issue)

## Testing

- [ ] The answer's tests pass
- [x] I have read the guide
`;

const places = {
  github: '.github/PULL_REQUEST_TEMPLATE.md',
  gitlab: '.gitlab/merge_request_templates/Default.md',
} as const;

const checks = { verify: { commands: [{ name: 'answer tests', run: 'grep -q right answer.txt' }] } };

beforeAll(ensureBuilt, 180_000);

describe.concurrent('a pull request in a repository with a template', () => {
  it.each(['github', 'gitlab'] as const)('%s: fills it in, with what was measured', async (kind) => {
    await using scene = await makeForgeScene(kind, { files: { [places[kind]]: template }, project: () => checks });
    await scene.once();
    const [request] = scene.host.requests();
    expect(request?.body).toMatch(
      new RegExp(
        [
          '^## Description\n\n> The answer is right now\\.\n',
          '\n## Issue\n\nCloses \\S+\n',
          '\n## Testing\n\n- `answer tests`: exit 0 · \\S+ \\S+ \\(before: exit 1 .*\\)\n',
          "\n- \\[x\\] The answer's tests pass\n- \\[ \\] I have read the guide\n",
          '\nBoxes without a tick were not checked by Baton\\.\n\n### Evidence\n',
        ].join(''),
      ),
    );
    expect(request?.body.match(/Closes /g)).toHaveLength(1);
    expect(request?.body.match(/The answer is right now/g)).toHaveLength(1);
  });

  it('fills in the one that the operator names, or none', async () => {
    const files = { [places.github]: '# Description', 'docs/short.md': '# Overview' };
    const bodyWith = async (named: string | null): Promise<string | undefined> => {
      const project = () => ({ ...checks, pullRequest: { template: named } });
      await using scene = await makeForgeScene('github', { files, project });
      await scene.once();
      return scene.host.requests()[0]?.body;
    };
    expect(await bodyWith('docs/short.md')).toMatch(/^Closes \S+\n\n# Overview\n\n> The answer/);
    expect(await bodyWith(null)).toMatch(/^Closes \S+\n\n> The answer is right now\.\n\n### Evidence/);
  });
});
