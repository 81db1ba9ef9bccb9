import { fuzzed } from '@baton/conformance/fuzz';
import fc from 'fast-check';
import { expect } from 'vitest';
import {
  bytesOfPath,
  createSecrets,
  maskDeep,
  parseDuration,
  parseReset,
  parseRetryAfter,
  pathOfBytes,
  priorityOf,
  readQuota,
  resolvePath,
} from '../src/index.js';

/** What UTF-8 stumbles over: cut characters, too long ones, surrogates, beyond the last character. */
const oddBytes = fc.constantFrom(
  ...['c3', 'e282', 'f09f98', 'c080', 'eda080', 'f4908080', '80', 'ff', 'efbbbf', '00', '2f', '5c', '22'],
);
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }).map((each) => Buffer.from(each)),
      oddBytes.map((each) => Buffer.from(each, 'hex')),
      fc.string({ unit: 'binary', maxLength: 4 }).map((each) => Buffer.from(each)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Buffer.concat(parts));

export const names = fuzzed(
  'a name is bytes, and each has a path of its own',
  fc.record({ bytes, other: bytes }),
  ({ bytes: name, other }) => {
    const path = pathOfBytes(name.toString('latin1'));
    expect(bytesOfPath(path)).toEqual(name);
    expect(pathOfBytes(other.toString('latin1')) === path).toBe(other.equals(name));
    // A path of a contract that was made otherwise has bytes too.
    expect(bytesOfPath(`${path}\ud800\u{10ffff}`).length).toBeGreaterThan(name.length);
  },
);

const secretText = fc.oneof(
  fc.stringMatching(/^[\w+/=-]{6,40}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
  fc.array(fc.stringMatching(/^[\w+/=-]{0,30}$/), { minLength: 2, maxLength: 4 }).map((lines) => lines.join('\n')),
  fc.constantFrom('\\n', '   spaced   ', '$&-$1-$`', '[NAME]', 'a\\nb\\nc'),
);
type Spell = (secret: string) => string;
const spell = fc.constantFrom<Spell>(
  (secret) => secret,
  (secret) => JSON.stringify(secret).slice(1, -1),
  (secret) => Buffer.from(secret).toString('base64'),
  (secret) => Buffer.from(`user:${secret}`).toString('base64url'),
  (secret) => Buffer.from(secret).toString('hex'),
  (secret) => encodeURIComponent(secret.toWellFormed()),
);
const held = fc.uniqueArray(secretText, { minLength: 1, maxLength: 3 });

export const masks = fuzzed(
  'a secret is masked however it is written and in whatever pieces it comes',
  fc.record({
    held,
    parts: fc.array(fc.oneof(fc.nat(), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 8 }),
    spell,
    pieces: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
  }),
  ({ held: values, parts, spell: write, pieces }) => {
    const known = values.map((value) => value.toWellFormed());
    const secrets = createSecrets(Object.fromEntries(known.map((value, index) => [`SECRET_${index}`, value])));
    expect(secrets.read('NONE')).toBeNull();
    expect(secrets.mask('none is known yet')).toBe('none is known yet');
    for (const index of [...known.keys(), 0]) secrets.read(`SECRET_${index}`);
    expect(secrets.values().map(({ value }) => value)).toEqual(known.filter((value) => value !== ''));
    const text = parts
      .map((part) => (typeof part === 'number' ? write(known[part % known.length] ?? '') : part))
      .join('');
    const masked = secrets.mask(text);
    // A shorter one would hit ordinary words; a name that stands for one may be part of another.
    const looked = known.filter(
      (value) => value.length >= 6 && !/SECRET_\d/.test(value) && !'[SECRET_0]'.includes(value),
    );
    const isLeft = (shown: string): boolean => looked.some((value) => shown.includes(value));
    // Where one is masked, what is left around it may make up another, which nobody wrote.
    if (isLeft(masked)) expect(isLeft(text)).toBe(true);
    if (known.length === 1) expect(isLeft(masked)).toBe(false);
    const stream = secrets.stream();
    let streamed = '';
    for (let at = 0, turn = 0; at < text.length; turn += 1) {
      const length = pieces[turn % pieces.length] ?? 1;
      streamed += stream.push(text.slice(at, at + length));
      at += length;
    }
    streamed += stream.end();
    if (known.length === 1) expect(isLeft(streamed)).toBe(false);
    expect(maskDeep({ [text]: [text, 1, null] }, secrets.mask)).toEqual({ [masked]: [masked, 1, null] });
  },
  [
    { held: ['\n/=+++'], parts: [0], spell: (secret) => secret, pieces: [1] },
    { held: ['  spaced'], parts: ['\n', 0, '  ', 0], spell: (secret) => secret, pieces: [1, 3] },
    {
      ...{ held: ['-----BEGIN KEY-----\nMC4CAQAwBQYDK2VwBCIEIN\n-----END KEY-----'], parts: ['// ', 0] },
      ...{ spell: (secret) => secret.split('\n')[1] ?? '', pieces: [5] },
    },
    { held: ['a=b/c+'], parts: ['x', 0], spell: (secret) => Buffer.from(secret).toString('base64'), pieces: [2] },
  ],
);

export const places = fuzzed(
  'a path leads where it says, from where it is written',
  fc.record({
    path: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('~', '~/a', '~b', '.', '..', '/a/../b', '')),
  }),
  ({ path }) => {
    const found = resolvePath(path, '/configured');
    expect(found).toMatch(/^\//);
    expect(resolvePath(found, '/elsewhere')).toBe(found);
  },
);

const label = fc.oneof(
  fc
    .tuple(fc.constantFrom('p', 'prio', 'priority', ''), fc.stringMatching(/^[\s:/_-]{0,40}p?[\w-]{0,12}$/))
    .map((all) => all.join('')),
  fc.constantFrom('p1', 'P9', 'priority::high', 'prio: 12', 'priority_constructor'),
  fc.string({ unit: 'binary' }),
);

export const labels = fuzzed(
  'labels name a priority or none',
  fc.record({ labels: fc.array(label, { maxLength: 4 }) }),
  ({ labels: all }) => {
    const priority = priorityOf(all);
    if (priority === null) return;
    expect(priority).toBe(Math.min(...all.flatMap((each) => priorityOf([each]) ?? [])));
    expect([0, 1, 2, 3, 4].includes(priority) || all.some((each) => each.includes(String(priority)))).toBe(true);
  },
);

export const durations = fuzzed(
  'a duration is read or none',
  fc.oneof(
    fc.double(),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc
      .record({
        count: fc.oneof(fc.double({ min: 0, max: 1e6 }), fc.constantFrom('9'.repeat(12), '9'.repeat(400), '0.5', '.5')),
        unit: fc.constantFrom('ms', 's', 'm', 'h', 'd', 'x', ''),
      })
      .map(({ count, unit }) => `${count}${unit}`),
  ),
  (written) => {
    const read = parseDuration(written);
    if (read !== null) expect(Number.isFinite(read) && read >= 0).toBe(true);
  },
);

export const waits = fuzzed(
  'a header names an instant ahead, or none',
  fc.oneof(
    fc.stringMatching(/^[\x20-\x7e]{0,24}$/),
    fc.nat().map(String),
    fc.date({ noInvalidDate: true }).map((each) => each.toUTCString()),
    fc.constantFrom('1800000001', '9'.repeat(13), 'Fri, 15 Jan 2027 09:00:00 GMT'),
  ),
  (header) => {
    const now = 1_800_000_000_000;
    for (const at of [parseRetryAfter(header, now), parseReset(header, now)]) {
      if (at !== null) expect(Number.isFinite(at) && at > now).toBe(true);
    }
    const headers = new Headers({ 'x-limit': '10', 'x-remaining': '0', 'x-reset': header });
    const quota = readQuota(headers, 'x-');
    if (quota !== null) expect(quota.resetAt).toBeGreaterThan(0);
    expect(readQuota(new Headers({ 'x-limit': header }), 'x-')).toBe(null);
  },
);
