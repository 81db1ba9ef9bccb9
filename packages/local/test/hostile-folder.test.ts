import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { IssueQuery } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLocalWorld, type LocalWorld } from './local-world.js';

const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };
const head = '---\nlabels: [baton]\nauthor: alice\n---\n\n';

let world: LocalWorld;
beforeEach(async () => {
  world = await createLocalWorld();
});
afterEach(async () => world.dispose());

describe('a folder that people made a mess of', () => {
  it('is read in the time of its length', async () => {
    await world.write('issues/0001-blanks.md', `${head}# a${' '.repeat(200_000)}b ##\n`);
    await world.write('issues/0002-signs.md', `${head}# a${'#'.repeat(200_000)}b\n`);
    await world.write('issues/0003-label.md', `---\nlabels: [baton, prio${'_'.repeat(200_000)}!]\n---\n# a ##\n`);
    const begun = process.cpuUsage();
    const { source } = world.createLocal();
    expect((await source.get('3'))?.title).toBe('a');
    expect((await source.get('1'))?.title).toMatch(/^a {200000}b$/);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(4);
  });

  it('shows every issue that can be read, and names every file that can not, once (G7)', async () => {
    const large = join(world.folder, 'issues/0101-large.md');
    await world.write('issues/0001-plain.md', `${head}Off by one.\n`);
    await world.write('issues/0002-no-body.md', '---\nlabels: [baton]\ntitle: ""\n---');
    await world.write('issues/0003-option.md', '---\ntitle: --upload-pack=x\nlabels: [baton]\n---\n--exec=x\n');
    await world.write('issues/0004-path.md', '---\ntitle: ../../etc/passwd\nlabels: baton\n---\n../../etc/passwd\n');
    await world.write('issues/0005-🚀 "odd" $(x) `y`.md', `${head}# 🚀 \u202e\u0007 odd\n`);
    await world.write('issues/0006-crlf.md', `\uFEFF${head}Line one.\nLine two.\n`.replaceAll('\n', '\r\n'));
    await world.write(
      'issues/0007-bytes.md',
      Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0x00, 0xfe, 0x41])]),
    );
    await world.write('issues/0008-types.md', '---\ntitle: 12\nlabels: [baton, 7, true]\npriority: high\n---\n');
    await world.write('issues/0009-rules.md', `${head}---\n\nBelow a rule.\n\n---\n`);
    const readable = ['0001', '0002', '0003', '0004', '0005', '0006', '0007', '0008', '0009'];

    await world.write('issues/0100-empty.md', '');
    await world.write('issues/0101-large.md', head);
    await truncate(large, 5 * 1024 * 1024);
    await world.write('issues/0102-open-list.md', '---\nlabels: [baton\n---\n');
    await world.write('issues/0103-never-ends.md', '---\nlabels: [baton]\n');
    await world.write('issues/0104-scalar.md', '---\nbaton\n---\n');
    await world.write('issues/0105-twice.md', '---\nlabels: [baton]\nlabels: [x]\n---\n');
    await world.write('issues/0106-object.md', '---\nlabels: { baton: yes }\n---\n');
    await world.write('issues/0107-utf16.md', Buffer.from(`\uFEFF${head}`, 'utf16le'));
    await world.write('issues/0001-again.txt.md', `${head}The same number.\n`);
    await world.write('issues/no-number.md', head);
    await world.write('issues/.0108-hidden.md', head);
    await mkdir(join(world.folder, 'issues/0109-directory.md'));
    await symlink('/etc/passwd', join(world.folder, 'issues/0110-link.md'));
    await symlink('/nowhere', join(world.folder, 'issues/0111-dangling.md'));
    await promisify(execFile)('mkfifo', [join(world.folder, 'issues/0112-pipe.md')]);
    const bomb = [
      'a: &a [x]',
      ...'bcdefghij'.split('').map((key, index) => `${key}: &${key} [${`*${'abcdefghi'[index]},`.repeat(9)}]`),
    ];
    const many = (of: (at: number) => string): string => Array.from({ length: 20_000 }, (_each, at) => of(at)).join('');
    await world.write('issues/0114-keys.md', `---\n${many((at) => `k${at}: 1\n`)}---\n`);
    await world.write('issues/0115-keys-in-a-line.md', `---\na: {${many((at) => `k${at}: 1, `)}}\n---\n`);
    await world.write('issues/0116-flaws.md', `---\na: [${many(() => '@,')}]\n---\n`);
    await world.write('issues/0117-aliases.md', `---\nb: &a 1\na: [${many(() => '*a,')}]\n---\n`);
    await world.write('issues/0118-twice-inside.md', `---\nlabels: [baton]\nown: { a: 1, 'a': 2 }\n---\n`);
    await world.write('issues/0113-bomb.md', `---\n${bomb.join('\n')}\n---\n`);

    const { source } = world.createLocal();
    const page = await source.poll(query, null);
    const issues = page.kind === 'changed' ? page.issues : [];
    // Of two files with a number the first by name counts.
    expect(issues.map((each) => each.id).sort()).toEqual(readable);
    const title = new Map(issues.map((each) => [each.id, each.title]));
    expect(title.get('0001')).toBe('again.txt');
    expect(title.get('0002')).toBe('');
    expect(title.get('0003')).toBe('--upload-pack=x');
    expect(title.get('0005')).toBe('🚀 \u202e\u0007 odd');
    expect(issues.find((each) => each.id === '0006')?.body).toBe('Line one.\nLine two.');
    expect(issues.find((each) => each.id === '0008')?.labels).toEqual(['baton', '7', 'true']);
    expect(issues.find((each) => each.id === '0009')?.body).toBe('---\n\nBelow a rule.\n\n---');

    const named = world.warnings.map((line) => /issues\/\S+/.exec(line)?.[0]).sort();
    expect(named).toEqual(
      [
        ...[
          '0001-plain',
          '0101-large',
          '0102-open-list',
          '0103-never-ends',
          '0104-scalar',
          '0105-twice',
          '0106-object',
        ],
        ...['0107-utf16', '0109-directory', '0110-link', '0111-dangling', '0112-pipe', '0113-bomb'],
        ...['0114-keys', '0115-keys-in-a-line', '0116-flaws', '0117-aliases', '0118-twice-inside', 'no-number'],
      ].map((name) => `issues/${name}.md`),
    );
    await source.poll(query, null);
    expect(world.warnings).toHaveLength(named.length);
    await expect(source.get('0102')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      fix: expect.stringContaining('0102'),
    });
    expect((await source.get('0100'))?.labels).toEqual([]);
  });

  it('prints nothing of its own on odd front matter and people', async () => {
    const warned = vi.spyOn(process, 'emitWarning');
    onTestFinished(() => warned.mockRestore());
    const odd = '---\n? [a, b]\n: c\n!odd title: x\nlabels: !!js [baton]\n---\n';
    await world.write('issues/0001-odd.md', odd);
    await world.write('people.yaml', '? { ann: write }\n: read\nbob: !odd write\n');
    const { source } = world.createLocal();
    await source.poll(query, null);
    await source.permission({ id: 'bob', login: 'bob', kind: 'person' });
    expect(warned).not.toHaveBeenCalled();
  });

  it('writes nothing through a symlink', async () => {
    const outside = join(world.directory, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'victim.md'), `${head}Not Baton's.\n`);
    await world.write('issues/0001-plain.md', head);
    await symlink(outside, join(world.folder, 'issues/0001'));
    await symlink(join(outside, 'victim.md'), join(world.folder, 'issues/0002-link.md'));
    await symlink(outside, join(world.folder, 'pulls'));
    const before = await world.contents(outside);
    const { source, forge } = world.createLocal();
    await world.push('baton/local-0001');

    await expect(source.ensureComment({ issueId: '0001', topic: 'status', body: 'x' })).rejects.toThrow(/symlink/);
    await expect(source.ensureLabels({ issueId: '0002', add: ['x'], remove: [] })).rejects.toThrow(/symlink/);
    const request = { head: 'baton/local-0001', base: 'main', title: 'x', body: '', draft: true, labels: [] };
    await expect(forge.ensurePullRequest(request)).rejects.toThrow(/symlink/);
    expect(await world.contents(outside)).toEqual(before);
  });

  it('takes a missing folder for trouble, not for no issues (G18)', async () => {
    const { source } = world.createLocal();
    expect(await source.get('0001')).toBeNull();
    await world.dispose();
    await expect(source.poll(query, null)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(source.get('0001')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('reads no file again that did not change', async () => {
    const count = 100;
    const body = 'x'.repeat(50_000);
    for (let index = 1; index <= count; index += 1) await world.write(`issues/${index}-large.md`, head + body);
    // Files are settled once their last change lies behind the file system's grain.
    const later: LocalWorld['runtime']['clock'] = { ...world.runtime.clock, now: () => Date.now() + 60_000 };
    Object.assign(world.runtime, { clock: later });
    const { source } = world.createLocal();
    const { cursor } = await source.poll(query, null);
    const readBytes = async (): Promise<number> =>
      Number(/rchar: (\d+)/.exec(await readFile('/proc/self/io', 'utf8'))?.[1]);
    const before = await readBytes();
    expect(await source.poll(query, cursor)).toEqual({ kind: 'unchanged', cursor });
    expect((await readBytes()) - before).toBeLessThan((count * body.length) / 5);
  });
});
