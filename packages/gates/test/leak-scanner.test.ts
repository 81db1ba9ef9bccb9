import { generateKeyPairSync } from 'node:crypto';
import { leakFixture, leakScannerContract } from '@baton/conformance';
import { describe, expect, it } from 'vitest';
import { createLeakScanner, type HeldSecret } from '../src/index.js';

let broken = false;
leakScannerContract(it, async () => {
  broken = false;
  return {
    scanner: createLeakScanner({
      secrets: () => {
        if (broken) throw new Error('the secrets could not be read');
        return [leakFixture];
      },
    }),
    breakDown: () => {
      broken = true;
    },
    dispose: async () => {},
  };
});

const scan = (where: string, text: string, secrets: readonly HeldSecret[] = []) =>
  createLeakScanner({ secrets: () => secrets }).scan([{ where, text }]);

/** Put together here, so that no scanner of this repository takes them for real. */
const githubToken = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`;
const diffOf = (path: string, lines: readonly string[]): string =>
  [
    `diff --git a/${path} b/${path}`,
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -1,${lines.filter((line) => !line.startsWith('+')).length} +1,${lines.filter((line) => !line.startsWith('-')).length} @@`,
    ...lines,
    '',
  ].join('\n');

describe('where a secret stands in a diff', () => {
  const secret = { name: 'FORGE_TOKEN', value: 'tk-4f9a8c7e6d5b4a3f' };
  const two = (path: string, line: string): string =>
    diffOf(path, [' one', '-two', '+2', ' three', `+${line}`]).replace('@@ -1,3 +1,4 @@', '@@ -11,3 +11,4 @@');

  it('is told by path and line, of a held one and of a shape', async () => {
    expect(await scan('diff', two('src/a.js', `const t = "${secret.value}";`), [secret])).toEqual([
      { where: 'diff', kind: 'FORGE_TOKEN', by: 'held', place: { path: 'src/a.js', line: 14 } },
    ]);
    const [found] = await scan('diff', `${diffOf('b.js', ['+x'])}${two('src/a.js', githubToken)}`);
    expect(found).toMatchObject({ by: 'shape', place: { path: 'src/a.js', line: 14 } });
  });

  it.each(['\r', '\u2028', '\u2029'])(
    'is told of the file it stands in, behind what %j makes look like another one',
    async (sign) => {
      const line = `// a remark${sign}diff --git a/other.js b/other.js${sign}${githubToken}`;
      expect(await scan('diff', diffOf('a.js', [`+${line}`]).replace('-1,0', '-0,0'))).toMatchObject([
        { by: 'shape', place: { path: 'a.js' } },
      ]);
    },
  );

  it('has no line where it is spread over several, and no path where that would tell it', async () => {
    expect(await scan('diff', diffOf('a.js', ['+tk-4f9a8c', '-x', '+7e6d5b4a3f']), [secret])).toMatchObject([
      { place: { path: 'a.js', line: null } },
    ]);
    for (const path of [`docs/${secret.value}`, `docs/${githubToken}.txt`]) {
      const leaks = await scan('diff', two(path, path.slice('docs/'.length)), [secret]);
      expect(leaks.length).toBeGreaterThan(0);
      expect(JSON.stringify(leaks)).not.toContain(path);
    }
    expect(await scan('title', secret.value, [secret])).toEqual([{ where: 'title', kind: 'FORGE_TOKEN', by: 'held' }]);
  });
});

describe('a held secret (G28)', () => {
  const secret = { name: 'FORGE_TOKEN', value: 'tk-4f9a8c7e6d5b4a3f' };

  it('in base64 in a file name is found', async () => {
    const name = `notes-${Buffer.from(`:${secret.value}`).toString('base64url')}.md`;
    expect(await scan('file name', `docs/${name}`, [secret])).toMatchObject([
      { where: 'file name', kind: 'FORGE_TOKEN (base64)' },
    ]);
  });

  it.each([
    ['over directories', 'file name', 'docs/tk-4f9a8c/7e6d5b4a3f/a.md', 'FORGE_TOKEN (split)'],
    [
      'as bytes of a program',
      'diff',
      `const key = "${[...secret.value].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join('')}"`,
      'FORGE_TOKEN (hex, split)',
    ],
    [
      'as a list of bytes',
      'body',
      [...secret.value].map((c) => `0x${c.charCodeAt(0).toString(16)}`).join(', '),
      'FORGE_TOKEN (hex, split)',
    ],
    ['in characters without width between', 'title', [...secret.value].join('\u200b'), 'FORGE_TOKEN (split)'],
    [
      'in wrapped base64',
      'body',
      Buffer.from(`${'x'.repeat(50)}${secret.value}${'y'.repeat(50)}`)
        .toString('base64')
        .replace(/.{16}/g, '$&\n'),
      'FORGE_TOKEN (base64, split)',
    ],
  ])('split %s is found', async (_name, where, text, kind) => {
    expect(await scan(where, text, [secret])).toMatchObject([{ where, kind }]);
  });

  it('split by a line that the diff removes is found', async () => {
    const diff = diffOf('a.js', ['+tk-4f9a8c', '-something else', '+7e6d5b4a3f']);
    expect(await scan('diff', diff, [secret])).toMatchObject([{ where: 'diff', kind: 'FORGE_TOKEN (split)' }]);
  });

  it('split over two texts is found', async () => {
    const scanner = createLeakScanner({ secrets: () => [secret] });
    const leaks = await scanner.scan([
      { where: 'title', text: 'tk-4f9a8c' },
      { where: 'body', text: '7e6d5b4a3f' },
    ]);
    expect(leaks).toMatchObject([{ where: 'several texts together', kind: 'FORGE_TOKEN (split)' }]);
  });

  it('that is shorter than eight characters, or empty, makes no noise', async () => {
    const short = [
      { name: 'A', value: '' },
      { name: 'B', value: 'test' },
      { name: 'C', value: ' short \n' },
    ];
    expect(await scan('body', 'a short test', short)).toEqual([]);
  });

  it('of several lines is found whatever they are joined by', async () => {
    const key = { name: 'DEPLOY_KEY', value: 'first line\nsecond line\n' };
    expect(await scan('body', 'first line\r\n  second line', [key])).toMatchObject([
      { where: 'body', kind: 'DEPLOY_KEY (split)' },
    ]);
  });
});

/** How lines begin that are commented, quoted or listed. */
const prefixes = ['# ', ' * ', '    # ', '> ', '>> ', '- ', '// ', '/* '];

describe('a held secret of several lines', () => {
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const held = { name: 'APP_PRIVATE_KEY', value: pem };
  const only = createLeakScanner({ secrets: () => [held], knownShapes: false });

  it.each(prefixes)('is found where its lines begin with "%s"', async (prefix) => {
    const text = pem.replace(/^/gm, prefix);
    expect(await only.scan([{ where: 'body', text }])).toMatchObject([{ where: 'body', kind: 'APP_PRIVATE_KEY' }]);
    const diff = diffOf(
      'notes.txt',
      text.split('\n').map((line) => `+${line}`),
    );
    expect(await only.scan([{ where: 'diff', text: diff }])).toMatchObject([
      { where: 'diff', kind: 'APP_PRIVATE_KEY' },
    ]);
  });

  it('is found by any of its long lines, encoded too, and not by its labels', async () => {
    const [label = '', , line = ''] = pem.split('\n');
    expect(await only.scan([{ where: 'body', text: `see ${line}!` }])).toHaveLength(1);
    expect(await only.scan([{ where: 'body', text: Buffer.from(`see ${line}!`).toString('hex') }])).toHaveLength(1);
    expect(await only.scan([{ where: 'body', text: label }])).toEqual([]);
  });

  it.each(prefixes)('is found where its short lines begin with "%s"', async (prefix) => {
    const short = { name: 'PHRASE', value: 'tk-4f9a8c\n7e6d5b4a3f' };
    const scanner = createLeakScanner({ secrets: () => [short], knownShapes: false });
    expect(await scanner.scan([{ where: 'body', text: short.value.replace(/^/gm, prefix) }])).toMatchObject([
      { where: 'body', kind: 'PHRASE (split)' },
    ]);
  });
});

describe('a secret of a known shape', () => {
  it('is found by its shape, and the finding does not hold it', async () => {
    const leaks = await scan('commit message', `Use ${githubToken}`);
    expect(leaks).toMatchObject([{ where: 'commit message', kind: 'github: GITHUB_TOKEN' }]);
  });

  it('counts in a diff only where it is added', async () => {
    expect(await scan('diff', diffOf('a.env', [`-A=${githubToken}`, ` B=${githubToken}`, '+C=1']))).toEqual([]);
    expect(await scan('diff', diffOf('a.env', [' A=1', `+B=${githubToken}`]))).toHaveLength(1);
    expect(await scan('pull request body', diffOf('a.env', [`-A=${githubToken}`]))).toHaveLength(1);
  });

  it('in what is no diff after all counts wherever it stands', async () => {
    expect(await scan('diff', `@@ -1,9 +1,9 @@\n-${githubToken}\n`)).toHaveLength(1);
  });

  const ed25519 = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  it.each<[string, () => string | Buffer]>([
    ['of Ed25519', ed25519],
    ['of Ed25519, as a string of JSON', () => JSON.stringify(ed25519())],
    ['of P-256 in PKCS #8', () => ec().export({ type: 'pkcs8', format: 'pem' })],
    ['of P-256 in SEC 1', () => ec().export({ type: 'sec1', format: 'pem' })],
    [
      'of RSA',
      () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }),
    ],
  ])('is found where it is a private key %s, however short', async (_, key) => {
    const lines = key().toString().split('\n');
    expect(
      await scan(
        'diff',
        diffOf(
          'notes.txt',
          lines.map((line) => `+${line}`),
        ),
      ),
    ).toEqual([expect.objectContaining({ kind: expect.stringMatching(/^privatekey: /) })]);
  });

  it.each(prefixes)('is found where the lines of a private key begin with "%s"', async (prefix) => {
    const text = ed25519().toString().replace(/^/gm, prefix);
    const found = [expect.objectContaining({ kind: expect.stringMatching(/^privatekey: /) })];
    expect(await scan('body', text)).toEqual(found);
    expect(await scan('body', JSON.stringify(text))).toEqual(found);
  });

  it('is no word about a private key, nor a public one', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const words = 'A key begins with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----.';
    expect(await scan('pull request body', `${words}\n${publicKey.export({ type: 'spki', format: 'pem' })}`)).toEqual(
      [],
    );
  });

  // Of the longest diff that is read, half: a regular expression that goes back through all of it runs out of stack.
  it.each([
    ['line breaks', '-----BEGIN PRIVATE KEY-----', '\n'],
    ['blanks', '-----BEGIN PRIVATE KEY-----', ' '],
    ['words', '-----BEGIN ', 'A '],
  ])('is looked for behind the beginning of a key with %s without an end', async (_name, begin, piece) => {
    const text = `${begin}${piece.repeat((8 * 1_024 ** 2) / piece.length)}`;
    expect(await scan('body', `${text}\n${githubToken}`)).toMatchObject([{ kind: 'github: GITHUB_TOKEN' }]);
  });

  it('is not hidden by a comment that switches the scanner off', async () => {
    const text = `// secretlint-disable\n/* secretlint-disable-line */ ${githubToken}`;
    expect(
      await scan(
        'diff',
        diffOf(
          'a.js',
          text.split('\n').map((line) => `+${line}`),
        ),
      ),
    ).toHaveLength(1);
    expect(await scan('body', text)).toHaveLength(1);
  });

  it('opens no file of this machine that a diff names', async () => {
    expect(await scan('diff', diffOf('../../../../../../etc/key.p12', ['+x']))).toEqual([]);
  });

  it('is not looked for where that is switched off', async () => {
    const scanner = createLeakScanner({ secrets: () => [], knownShapes: false });
    expect(await scanner.scan([{ where: 'body', text: githubToken }])).toEqual([]);
  });
});
