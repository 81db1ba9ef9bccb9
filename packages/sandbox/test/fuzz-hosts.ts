import { IncomingMessage } from 'node:http';
import { isIP, Socket } from 'node:net';
import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import { BatonError } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { createAllowedHosts, findHostFault } from '../src/network/allowed-hosts.js';
import { asksForSecondHello, beginsTls, readClientHello } from '../src/network/client-hello.js';
import { parseAddress, parseEndpoint, writeEndpoint } from '../src/network/endpoint.js';
import { findWay } from '../src/network/find-way.js';
import { isInternalAddress } from '../src/network/internal-address.js';
import { readAsked } from '../src/network/read-asked.js';

const pieces = [
  ...[
    '.',
    ':',
    '[',
    ']',
    '%',
    '@',
    '/',
    '\\',
    '#',
    '?',
    '*.',
    ':443',
    ':0',
    ':80',
    '::',
    'xn--',
    '-',
    '_',
    '\0',
    '\r\n',
    ' ',
  ],
  ...[
    '127.0.0.1',
    '0x7f.1',
    '2130706433',
    '::ffff:127.0.0.1',
    'fe80::1%eth0',
    '\u0131',
    '。',
    'localhost',
    'a'.repeat(64),
  ],
];
const host = mutatedText(
  [
    ...[
      'example.org:443',
      'a.example',
      '*.example.org:8443',
      '[::1]:80',
      '[2001:db8::1]',
      '10.0.0.1:80',
      'bücher.example',
    ],
    ...[
      '169.254.169.254',
      '[::ffff:a00:1]:443',
      '2606:4700::1111',
      'localhost:3000',
      '1.1.1.1:53',
      '[64:ff9b::a00:1]:1',
    ],
  ],
  pieces,
  3,
);

export const endpoints = fuzzed(
  'what is asked for is read in one way, or refused',
  fc.record({ asked: host, listed: fc.array(host, { maxLength: 3 }), found: fc.array(host, { maxLength: 3 }) }),
  async ({ asked, listed, found }) => {
    const endpoint = parseEndpoint(asked, 80);
    const entries = listed.filter((each) => {
      const fault = findHostFault(each);
      try {
        createAllowedHosts([each]);
        expect(fault).toBe(null);
        return true;
      } catch (error) {
        if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
        expect(fault).toEqual({ message: error.message, fix: error.fix });
        return false;
      }
    });
    const address = parseAddress(asked);
    if (address !== null) expect(isIP(address.text)).not.toBe(0);
    else if (isIP(asked) === 0) expect(isInternalAddress(asked)).toBe(true);
    if (endpoint === null) return;
    expect(parseEndpoint(writeEndpoint(endpoint), null)).toEqual(endpoint);
    expect(writeEndpoint(endpoint, endpoint.port)).not.toMatch(/[^\w.:[\]-]/);
    expect(endpoint.host.kind === 'address').toBe(isIP(endpoint.host.text) !== 0);
    const own = createAllowedHosts([...entries, ...(found.length === 0 ? [] : [writeEndpoint(endpoint)])]);
    const way = await findWay(endpoint, own, async () => found);
    if (way.kind === 'refused') expect(way.sentence).not.toMatch(/\p{Cc}/u);
    if (way.kind !== 'open') return;
    way.lookup('', { all: true }, (_, addresses) => {
      for (const { address: to } of Array.isArray(addresses) ? addresses : []) {
        const isListed = own.includes({ host: { kind: 'address', text: to }, port: endpoint.port });
        expect(!isInternalAddress(to) || isListed || endpoint.host.text === 'localhost').toBe(true);
      }
    });
  },
  [
    { asked: 'a.example.org:443', listed: ['*.example.org', '*.192.0.2.1', 'a b', '*.example.org:8443'], found: [] },
    { asked: '192.0.2.1:80', listed: ['b\u00fccher.example', '192.0.2.1', '\u0131:1'], found: ['10.0.0.1'] },
  ],
);

const url = mutatedText(
  [
    'http://example.org/a?b',
    'HTTP://EXAMPLE.org:8080',
    'http://[::1]:80/x',
    '/path',
    'https://example.org/',
    'example.org:443',
  ],
  pieces,
  3,
);
const within = fc.constantFrom(null, null, { host: { kind: 'name' as const, text: 'example.org' }, port: 8_080 });

export const requests = fuzzed(
  'a request is for one host, or for nothing',
  fc.record({ url, hosts: fc.array(host, { maxLength: 2 }), within }),
  ({ url: asked, hosts, within: tunnel }) => {
    const message = new IncomingMessage(new Socket());
    message.url = asked;
    message.headersDistinct = hosts.length === 0 ? {} : { host: hosts };
    const read = readAsked(message, tunnel);
    if (read === null) return;
    expect(read.path.startsWith('/')).toBe(true);
    if (tunnel !== null) expect(read.endpoint).toBe(tunnel);
    else if (read.endpoint.host.kind === 'name') {
      expect(new URL(asked).hostname.replace(/\.$/, '')).toBe(read.endpoint.host.text);
    }
  },
  [
    { url: '/path', hosts: [], within: { host: { kind: 'name', text: 'example.org' }, port: 8_080 } },
    { url: 'http://example.org?x', hosts: ['a'], within: null },
  ],
);

const length16 = (bytes: Buffer): Buffer => Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
const name = fc.constantFrom('a.example', 'EVIL.example', '', 'x'.repeat(300)).map((each) => Buffer.from(each));
const entry = fc
  .tuple(fc.constantFrom(0, 0, 0, 1), name)
  .map(([type, text]) => Buffer.concat([Buffer.of(type), length16(text)]));
const extension = fc.oneof(
  { weight: 4, arbitrary: fc.array(entry, { maxLength: 2 }).map((all) => [0, length16(Buffer.concat(all))] as const) },
  fc.tuple(
    fc.constantFrom(0, 10, 16, 43, 0xfe0d, 0xffce),
    fc.uint8Array({ maxLength: 9 }).map((each) => Buffer.from(each)),
  ),
);
const hello = fc.record({
  extensions: fc.option(fc.array(extension, { maxLength: 4 })),
  recordSize: fc.constantFrom(7, 60, 4_000),
  before: fc.constantFrom(Buffer.alloc(0), Buffer.alloc(0), Buffer.of(20, 3, 3, 0, 1, 1), Buffer.of(23, 3, 3, 0, 2, 9)),
  after: fc.constantFrom('', '', 'x', 'x'.repeat(70_000)),
  scars: fc.array(fc.tuple(fc.nat({ max: 120 }), fc.nat({ max: 255 })), { maxLength: 2 }),
  cut: fc.option(fc.nat({ max: 200 })),
  which: fc.constantFrom('first' as const, 'second' as const),
});

function write(extensions: readonly (readonly [number, Buffer])[] | null, size: number): Buffer {
  const all = extensions?.map(([type, content]) =>
    Buffer.concat([Buffer.of(type >> 8, type & 255), length16(content)]),
  );
  const head = Buffer.concat([Buffer.of(3, 3), Buffer.alloc(32, 7), Buffer.of(0, 0, 2, 0x13, 1, 1, 0)]);
  const body = Buffer.concat([head, ...(all === undefined ? [] : [length16(Buffer.concat(all))])]);
  const message = Buffer.concat([Buffer.of(1, 0, body.length >> 8, body.length & 255), body]);
  const parts = Array.from({ length: Math.ceil(message.length / size) }, (_, at) =>
    Buffer.concat([Buffer.of(22, 3, 1), length16(message.subarray(at * size, (at + 1) * size))]),
  );
  return Buffer.concat(parts);
}

export const hellos = fuzzed('a client hello tells one host, none, or is not read', hello, (told) => {
  const bytes = Buffer.concat([told.before, write(told.extensions, told.recordSize), Buffer.from(told.after)]);
  for (const [at, value] of told.scars) if (at < bytes.length) bytes[at] = value;
  const whole = bytes.subarray(0, told.cut ?? undefined);
  const read = readClientHello(whole, told.which);
  expect(beginsTls(whole)).toBe(whole[0] === 22);
  expect(asksForSecondHello(whole) ?? false).toBe(false);
  if (read.kind === 'incomplete') {
    expect(whole.length).toBeLessThanOrEqual(65_536);
    expect(readClientHello(Buffer.concat([whole, Buffer.alloc(70_000)]), told.which).kind).not.toBe('incomplete');
  }
  if (read.kind !== 'hello') return;
  expect(read.length).toBeLessThanOrEqual(whole.length);
  // The same from its own bytes alone, so that nothing behind it has a say.
  expect(readClientHello(whole.subarray(0, read.length), told.which)).toEqual(read);
  if (told.scars.length > 0) return;
  const names = (told.extensions ?? []).filter(([type]) => type === 0);
  expect(names.length).toBe(read.serverName === null ? 0 : 1);
});
