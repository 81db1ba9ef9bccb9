import { BatonError, type WorkspaceProvider } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { type Project, renderTimeline } from '../../src/index.js';
import { pushToBase } from '../policy/policy-world.js';
import { createRelay } from '../relay.js';

const repositoryFiles = ['AGENTS.md', 'CLAUDE.md', 'CONTRIBUTING.md'];

interface Told {
  readonly files?: Readonly<Record<string, string | null>>;
  readonly change?: (project: Project) => Partial<Project>;
  readonly body?: string;
  /** How the files of the base are read. */
  readonly reading?: (workspaces: WorkspaceProvider) => WorkspaceProvider;
}

/** One job's turns: what its agent was told, and the journal. */
async function tell({ files = {}, change = () => ({}), body = 'Mend it.', reading = (same) => same }: Told) {
  const told: string[] = [];
  const relay = createRelay(async ({ workspace, instructions }) => {
    told.push(instructions);
    await workspace.writeFile('app.txt', `${told.length}\n`);
    await workspace.writeFile('AGENTS.md', 'Written by the agent.\n');
    return {};
  });
  Object.assign(relay.project, {
    instructions: { operator: '', repositoryFiles },
    workspaces: reading(relay.project.workspaces),
    ...change(relay.project),
  });
  pushToBase(relay, files);
  relay.source.people.set('bob', 'write');
  relay.source.seed({ labels: ['baton'], body });
  await relay.runOnce();
  const job = await relay.job();
  const journal = await Array.fromAsync(relay.store.journal(job.id, 0));
  return { ...relay, job, told, journal, lines: renderTimeline(journal).map(({ detail }) => detail) };
}

const fenceOf = (instructions: string, path: string): string =>
  new RegExp(`with (=====[0-9a-f]{16}) is ${path.replaceAll('.', '\\.')} of`).exec(instructions)?.[1] ?? '';

describe('what a repository tells agents', () => {
  it('is told once, in the order of its files, between lines that no text can hold', async () => {
    const files = { 'AGENTS.md': 'Two blanks.\n', 'CONTRIBUTING.md': 'Tabs.\n', 'src/a.ts': '' };
    const { told } = await tell({ files });
    const [instructions = ''] = told;
    const fence = fenceOf(instructions, 'AGENTS.md');
    expect(instructions).toContain(`${fence} begin\nTwo blanks.\n${fence} end\n`);
    expect(instructions.split('Two blanks.')).toHaveLength(2);
    expect(instructions.indexOf('Two blanks.')).toBeLessThan(instructions.indexOf('Tabs.'));
  });

  it('is what the base says, in each round, whatever an agent made of it', async () => {
    const relay = await tell({ files: { 'AGENTS.md': 'Of the base.\n' } });
    relay.forge.review(1, { body: 'Say more.', verdict: 'request-changes', author: 'bob' });
    relay.runtime.clock.advance(60_000);
    await relay.runOnce();
    expect(relay.told).toHaveLength(2);
    expect(relay.told[1]).toContain('Of the base.');
    expect(relay.told.join('')).not.toContain('Written by the agent.');
    // Models have what stays the same cached.
    expect(relay.told[1]).toBe(relay.told[0]);
  });

  it('comes from the folders that the issue names as well, the outer ones first', async () => {
    const files = {
      ...{ 'AGENTS.md': 'Root.\n', 'packages/AGENTS.md': 'All packages.\n', 'packages/web/AGENTS.md': 'Web.\n' },
      ...{ 'packages/api/AGENTS.md': 'Api.\n', 'packages/web/CLAUDE.md': 'No.\n' },
    };
    const { told } = await tell({ files, body: 'packages/web/src/cart.ts is wrong.' });
    const [instructions = ''] = told;
    const places = ['Root.', 'All packages.', 'Web.'].map((text) => instructions.indexOf(text));
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(places).not.toContain(-1);
    expect(instructions).toContain('packages/web/AGENTS.md of the repository, for the work in packages/web:');
    expect(instructions).not.toMatch(/Api\.|No\./);
  });

  it('comes after the operator, who speaks to all agents and to one', async () => {
    const { told } = await tell({
      files: { 'AGENTS.md': 'The repository.\n' },
      change: ({ agents: [first, ...rest] }) => ({
        agents: [{ ...first, instructions: 'For this one.' }, ...rest],
        instructions: { operator: 'The operator.', repositoryFiles },
      }),
    });
    expect(told[0]).toMatch(/as the rules above do:\n\nThe operator\.\n\nFor this one\.\n[\s\S]*The repository\./);
  });

  it('is nothing where its project names no files, and reads none', async () => {
    const { told, journal } = await tell({
      files: { 'AGENTS.md': 'Root.\n' },
      change: () => ({ instructions: { operator: '', repositoryFiles: [] } }),
      reading: (workspaces) => ({ ...workspaces, readText: () => Promise.reject(new Error('read')) }),
    });
    expect(told[0]).not.toContain('Root.');
    expect(journal.find(({ type }) => type === 'turn-started')?.data).not.toHaveProperty('told');
  });

  it('is bounded file by file and together, and what is cut or left out is told', async () => {
    const files = {
      ...{ 'AGENTS.md': 'a'.repeat(20_000), 'CLAUDE.md': 'b'.repeat(16_000), 'CONTRIBUTING.md': 'c'.repeat(16_000) },
      ...{ 'x/AGENTS.md': 'd', 'y/AGENTS.md': 'e'.repeat(2 ** 21) },
    };
    const { told, lines } = await tell({ files, body: 'x/a.ts y/b.ts' });
    const [instructions = ''] = told;
    const count = (letter: string): number => instructions.match(new RegExp(`${letter}{900,}`))?.[0].length ?? 0;
    expect(['a', 'b', 'c', 'e'].map(count)).toEqual([16_000, 16_000, 8_000, 0]);
    expect(instructions).toMatch(/a{16000}\n=====\w+ end\nIt is longer, and cut off there\./);
    expect(lines).toContain(
      [
        'AGENTS.md cut after 16000 of 20000 characters',
        'CONTRIBUTING.md cut after 8000 of 16000 characters',
        'x/AGENTS.md left out: the others left no room',
        'y/AGENTS.md left out: "y/AGENTS.md" has 2097152 bytes; at most 1048576 are read.',
      ].join('; '),
    );
  });

  it('leaves out what is no text, what a page hides, and what was said already', async () => {
    const files = {
      ...{ 'AGENTS.md/readme': 'a directory\n', 'CLAUDE.md': 'Same.\n<!-- hidden -->\n' },
      ...{ 'CONTRIBUTING.md': 'Same.\n', 'x/AGENTS.md': '<!-- nothing -->' },
    };
    const { told, lines, job } = await tell({ files, body: 'x/a.ts' });
    expect(told[0]?.split('Same.')).toHaveLength(2);
    expect(told[0]).not.toContain('hidden');
    expect(lines).toContain(
      [
        'AGENTS.md left out: "AGENTS.md" is no regular file.',
        'CONTRIBUTING.md left out: it says what CLAUDE.md says',
        'x/AGENTS.md left out: it says nothing',
      ].join('; '),
    );
    expect(job).toMatchObject({ phase: 'reviewing' });
  });

  it('takes nothing for said already that differs where nobody is told it', async () => {
    const head = 'x'.repeat(16_000);
    const { lines } = await tell({ files: { 'AGENTS.md': `${head}one`, 'CLAUDE.md': `${head}two` } });
    expect(lines).toContain(
      'AGENTS.md cut after 16000 of 16003 characters; CLAUDE.md cut after 16000 of 16003 characters',
    );
  });

  it('keeps a job waiting while it can’t be read, and begins no turn without it', async () => {
    let down = 1;
    const relay = await tell({
      files: { 'AGENTS.md': 'Root.\n' },
      reading: (workspaces) => ({
        ...workspaces,
        readText: async (request, options) => {
          down -= 1;
          if (down === 0) throw new BatonError('UNAVAILABLE', 'Not now.', { details: {} });
          return workspaces.readText(request, options);
        },
      }),
    });
    expect(relay.told).toEqual([]);
    expect(relay.job).toMatchObject({ phase: 'waiting', wait: 'unavailable' });
    relay.runtime.clock.advance(3_600_000);
    await relay.runOnce();
    expect(relay.told[0]).toContain('Root.');
  });
});
