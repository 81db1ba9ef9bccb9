import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSecrets, secretLines } from '../src/text/secrets.js';
import { createSentSecrets } from '../src/text/sent-secrets.js';

const token = 'ghp_s3cr3t/+Value==?';

describe('secrets', () => {
  it('remembers what was read and nothing else', () => {
    const secrets = createSecrets({ TOKEN: token, OTHER: 'unread-value', EMPTY: '' });
    expect([secrets.read('TOKEN'), secrets.read('MISSING'), secrets.read('EMPTY')]).toEqual([token, null, null]);
    expect(secrets.values()).toEqual([{ name: 'TOKEN', value: token }]);
    expect(secrets.mask(`${token} unread-value`)).toBe('[TOKEN] unread-value');
  });

  it('masks every usual spelling (G28)', () => {
    const secrets = createSecrets({ TOKEN: token });
    secrets.read('TOKEN');
    const bytes = Buffer.from(token);
    const spellings = [
      token,
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      encodeURIComponent(token),
      token.toLowerCase(),
      encodeURIComponent(token).replace(/%../g, (each) => each.toLowerCase()),
    ];
    for (const spelling of spellings) expect(secrets.mask(`<${spelling}>`)).toBe('<[TOKEN]>');
  });

  it('masks a secret inside a longer encoded text, whatever stands before it', () => {
    const secrets = createSecrets({ TOKEN: token });
    secrets.read('TOKEN');
    for (const user of ['', 'x', 'xy', 'xyz', 'x-access-token']) {
      for (const encoding of ['base64', 'base64url'] as const) {
        const header = Buffer.from(`${user}:${token}@`).toString(encoding);
        const masked = secrets.mask(header);
        expect(masked).toContain('[TOKEN]');
        expect(Buffer.from(masked.replace('[TOKEN]', ''), encoding).toString()).not.toContain(token.slice(2, -2));
      }
    }
  });

  it('masks a key of several lines as JSON writes it', () => {
    const key = '-----BEGIN KEY-----\nabc"def\n-----END KEY-----\n';
    const secrets = createSecrets({ KEY: key });
    secrets.read('KEY');
    expect(secrets.mask(JSON.stringify({ key }))).toBe('{"key":"[KEY]"}');
    expect(secrets.mask(key.trim())).toBe('[KEY]');
  });

  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const [first = '', second = ''] = pem.split('\n').slice(1);

  it.each([
    ['a comment', pem.replace(/^/gm, '# ')],
    ['a block comment', pem.replace(/^/gm, ' * ')],
    ['a quote', pem.replace(/^/gm, '> ')],
    ['a list', pem.replace(/^/gm, '- ')],
    ['line breaks of another system', pem.replaceAll('\n', '\r\n')],
    ['lines on their own', `${second} and ${first}`],
    ['lines in base64', Buffer.from(pem.replace(/^/gm, '# ')).toString('base64')],
  ])('masks a key of several lines within %s, line by line', (_name, text) => {
    for (const value of [pem, pem.replaceAll('\n', '\\n')]) {
      const secrets = createSecrets({ KEY: value });
      secrets.read('KEY');
      const masked = secrets.mask(text);
      expect(masked).toContain('[KEY]');
      const read = [masked, Buffer.from(masked, 'base64').toString()];
      for (const line of [first, second]) for (const each of read) expect(each).not.toContain(line.slice(4, -4));
    }
  });

  it('takes only long lines for secrets, and no label', () => {
    expect(secretLines(pem)).toEqual(pem.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-')));
    expect(secretLines('one line of more than sixteen characters\n')).toEqual([]);
    expect(secretLines('{\n"a short line\n}')).toEqual([]);
    // An ordinary line, which other files have too.
    expect(secretLines('{\n  "type": "service_account",\n  "project": "shop"\n}')).toEqual([]);
    const secrets = createSecrets({ KEY: pem });
    secrets.read('KEY');
    expect(secrets.mask('a -----BEGIN PRIVATE KEY----- line')).toBe('a -----BEGIN PRIVATE KEY----- line');
  });

  it('masks the longer of two secrets that begin alike, and never its own replacement', () => {
    const secrets = createSecrets({ SHORT: 'abcdef', LONG: 'abcdefgh', NAME: 'SHORTX' });
    for (const name of ['SHORT', 'LONG', 'NAME']) secrets.read(name);
    expect(secrets.mask('abcdefgh abcdef')).toBe('[LONG] [SHORT]');
  });

  it('leaves values that are too short to tell from words', () => {
    const secrets = createSecrets({ SHORT: 'main' });
    secrets.read('SHORT');
    expect(secrets.mask('main street 6d61696e')).toBe('main street 6d61696e');
  });
});

describe('what a host was sent', () => {
  it('is taken out in every usual spelling, the last of each name', () => {
    const sent = createSentSecrets({ token });
    sent.learn('signed token', 'eyJhbGciOi.eyJpc3Mi.c2lnbmF0');
    const encoded = Buffer.from(`git:${token}`).toString('base64');
    expect(sent.mask(`${token} eyJhbGciOi.eyJpc3Mi.c2lnbmF0`)).toBe('[token] [signed token]');
    expect(sent.mask(encoded)).not.toContain(Buffer.from(token).toString('base64').slice(4, 16));
    sent.learn('token', 'ghs_anotherOne');
    expect(sent.mask(`ghs_anotherOne`)).toBe('[token]');
  });

  it('is nothing in the beginning', () => {
    expect(createSentSecrets().mask('as it is')).toBe('as it is');
    expect(createSentSecrets({ token: '' }).mask('as it is')).toBe('as it is');
  });
});
