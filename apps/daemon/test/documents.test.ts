import { generateKeyPairSync } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSecrets } from '@baton/adapter-kit';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../src/config/load-config.js';
import { parsePolicy } from '../src/policy/read-policy.js';
import { createOutput } from '../src/verb/output.js';
import { listBuiltIns } from '../src/wire/built-ins.js';
import { createProcessServices } from '../src/wire/process-services.js';
import { wireProjects } from '../src/wire/wire-config.js';
import { makeScratch } from './support/scratch.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const guides = await Array.fromAsync(glob('docs/*.md', { cwd: root }));
const pages = ['README.md', 'apps/daemon/README.md', ...guides.toSorted()];

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Something that fits where a page shows only a part of a project. */
const somewhere = { name: 'web', source: { use: 'local' }, agents: [{ use: 'command', run: 'cat' }] };
const policyKeys = ['checks', 'protectedPaths'];

type Block = { readonly page: string; readonly line: number; readonly text: string };

async function readBlocks(page: string): Promise<readonly Block[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    text: match[1] ?? '',
  }));
}

const blocks = (await Promise.all(pages.map(readBlocks))).flat();

/** The whole file that a block stands for, as it is written where it is whole. */
function complete({ text }: Block): string {
  if (/^version:/m.test(text)) return text;
  const value: Readonly<Record<string, unknown>> = parse(text);
  const { projects, ...rest } = value;
  const whole = Array.isArray(projects)
    ? { version: 1, ...rest, projects: projects.map((project: object) => ({ ...somewhere, ...project })) }
    : { version: 1, projects: [{ ...somewhere, ...value }] };
  return stringify(whole);
}

async function wire(text: string): Promise<readonly string[]> {
  await using scratch = await makeScratch();
  const file = join(scratch.path, 'baton.config.yaml');
  await writeFile(file, text);
  await writeFile(join(scratch.path, 'team.md'), 'Say which test shows it.\n');
  await writeFile(join(scratch.path, 'task.liquid'), '{{ task }}\n');
  const keys = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'DEEPSEEK_API_KEY', 'GITHUB_TOKEN', 'GITLAB_TOKEN'];
  const environment = {
    HOME: scratch.path,
    PATH: '/usr/bin:/bin',
    GITHUB_APP_PRIVATE_KEY: privateKey,
    ...Object.fromEntries(keys.map((key) => [key, `not-a-real-one-${key}`])),
  };
  const { stdout, stderr } = process;
  const output = createOutput({ environment, json: null, logLevel: 'silent', mask: (each) => each, stdout, stderr });
  const secrets = createSecrets(environment);
  const services = createProcessServices({
    environment,
    secrets,
    output,
    stderr,
    nodeFile: process.execPath,
    state: null,
  });
  const config = await loadConfig({ file, environment, cwd: scratch.path });
  return (await wireProjects(config, services, scratch.path)).map(({ name }) => name);
}

describe('configurations that the documents show', () => {
  it('are found', () => {
    expect(new Set(blocks.map(({ page }) => page))).toContain('docs/operating.md');
  });

  it.each(blocks.map((block) => [`${block.page}:${block.line}`, block] as const))('%s holds', async (_, block) => {
    const keys = Object.keys(parse(block.text));
    if (keys.some((key) => policyKeys.includes(key))) {
      expect(parsePolicy({ path: '.baton.yaml', text: block.text }, [])).toBeDefined();
      return;
    }
    expect(await wire(complete(block))).not.toEqual([]);
  });

  it('the README of the daemon names everything that use takes', async () => {
    const text = await readFile(join(root, 'apps', 'daemon', 'README.md'), 'utf8');
    const [, listed = ''] = /^`use` takes .*?Built in are: (.*)$/m.exec(text) ?? [];
    expect(listBuiltIns(null).filter((name) => !listed.includes(`\`${name}\``))).toEqual([]);
  });

  it('guides lead to headings that are there', async () => {
    const wrong: string[] = [];
    for (const page of pages) {
      const text = await readFile(join(root, page), 'utf8');
      for (const [, path = '', anchor = ''] of text.matchAll(/\]\(([^()\s#:]*\.md)?#([^()\s]+)\)/g)) {
        const target = path === '' ? text : await readFile(join(root, page, '..', path), 'utf8').catch(() => '');
        const headings = [...target.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
          heading
            .toLowerCase()
            .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
            .replaceAll(' ', '-'),
        );
        if (!headings.includes(anchor)) wrong.push(`${page}: ${path}#${anchor}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
