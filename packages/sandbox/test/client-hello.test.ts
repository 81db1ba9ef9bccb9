import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asksForSecondHello, readClientHello } from '../src/network/client-hello.js';
import { startPeer } from './proxy-scene.js';

/** What Node's own TLS says first. */
async function realHello(servername: string): Promise<Buffer> {
  await using peer = await startPeer((socket) => socket.once('data', () => socket.destroy()));
  const client = connectTls({ host: '127.0.0.1', port: peer.port, servername });
  client.on('error', () => undefined);
  await new Promise((resolve) => client.once('close', resolve));
  return Buffer.from(peer.received(), 'latin1');
}

const length16 = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const extension = (type: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type >> 8, type & 255]), length16(content)]);
const nameEntry = (name: string, type = 0): Buffer => Buffer.concat([Buffer.from([type]), length16(Buffer.from(name))]);
const serverName = (...entries: Buffer[]): Buffer => extension(0, length16(Buffer.concat(entries)));

/** A hello's message with these extensions. */
function handshake(extensions: Buffer | null): Buffer {
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, 7),
    Buffer.from([0, 0, 2, 0x13, 0x01, 1, 0]),
    ...(extensions === null ? [] : [length16(extensions)]),
  ]);
  return Buffer.concat([Buffer.from([1, 0, body.length >> 8, body.length & 255]), body]);
}

/** A message in records of so many bytes. */
function records(message: Buffer, size = message.length): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    parts.push(Buffer.from([22, 3, 1]), length16(message.subarray(at, at + size)));
  }
  return Buffer.concat(parts);
}

describe('a client hello', () => {
  it('of a real client tells its host', async () => {
    const hello = await realHello('www.example.org');
    expect(readClientHello(hello)).toEqual({ kind: 'hello', serverName: 'www.example.org', length: hello.length });
  });

  it('is read from any pieces and any records', async () => {
    const whole = (await realHello('www.example.org')).subarray(5);
    for (const size of [whole.length, 300, Math.ceil(whole.length / 30)]) {
      const bytes = records(whole, size);
      for (let end = 0; end < bytes.length; end += 1) {
        expect(readClientHello(bytes.subarray(0, end))).toEqual({ kind: 'incomplete' });
      }
      expect(readClientHello(bytes)).toMatchObject({ kind: 'hello', serverName: 'www.example.org' });
    }
  });

  it('without a host is told from one that hides it', () => {
    expect(readClientHello(records(handshake(null)))).toMatchObject({ kind: 'hello', serverName: null });
    expect(readClientHello(records(handshake(Buffer.alloc(0))))).toMatchObject({ kind: 'hello', serverName: null });
    for (const type of [0xfe0d, 0xfe08, 0xffce]) {
      const hidden = handshake(Buffer.concat([serverName(nameEntry('a.example')), extension(type, Buffer.alloc(9))]));
      expect(readClientHello(records(hidden))).toEqual({ kind: 'unreadable' });
    }
  });

  it.each<[string, Buffer]>([
    ['two names', handshake(serverName(nameEntry('a.example'), nameEntry('b.example')))],
    [
      'the extension twice',
      handshake(Buffer.concat([serverName(nameEntry('a.example')), serverName(nameEntry('b.example'))])),
    ],
    ['another kind of name', handshake(serverName(nameEntry('a.example', 1)))],
    ['an empty list', handshake(serverName())],
    ['a name longer than its list', handshake(extension(0, Buffer.from([0, 4, 0, 0, 9, 97])))],
    ['more after the list', handshake(extension(0, Buffer.concat([length16(nameEntry('a')), Buffer.from([1])])))],
    ['more after the message', Buffer.concat([handshake(serverName(nameEntry('a.example'))), Buffer.from([1])])],
    ['another message', Buffer.concat([Buffer.from([2]), handshake(null).subarray(1)])],
    ['a message without an end', Buffer.from([1, 255, 255, 255, 3, 3])],
  ])('with %s is refused', (_, message) => {
    expect(readClientHello(records(message))).toEqual({ kind: 'unreadable' });
  });

  it('in empty records, too many of them, or another type is refused', () => {
    const message = handshake(serverName(nameEntry('a.example')));
    expect(readClientHello(Buffer.from([22, 3, 1, 0, 0]))).toEqual({ kind: 'unreadable' });
    expect(readClientHello(records(message, 1))).toEqual({ kind: 'unreadable' });
    expect(readClientHello(Buffer.from([23, 3, 3, 0, 1, 0]))).toEqual({ kind: 'unreadable' });
    expect(readClientHello(Buffer.concat([Buffer.from([22, 3, 1, 255, 255]), Buffer.alloc(70_000)]))).toEqual({
      kind: 'unreadable',
    });
  });

  it('may come second behind records that nobody heeds', () => {
    const second = Buffer.concat([
      Buffer.from([20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 2, 9, 9]),
      records(handshake(serverName(nameEntry('b.example')))),
    ]);
    expect(readClientHello(second)).toEqual({ kind: 'unreadable' });
    expect(readClientHello(second, 'second')).toEqual({
      kind: 'hello',
      serverName: 'b.example',
      length: second.length,
    });
  });

  it('is never waited for without end, whatever comes', () => {
    const anything = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    const changed = fc
      .tuple(fc.nat(200), fc.nat(255))
      .map(([at, value]) => Buffer.from(records(handshake(serverName(nameEntry('a.example')))).with(at % 60, value)));
    fc.assert(
      fc.property(fc.oneof(anything, changed), fc.constantFrom('first' as const, 'second' as const), (bytes, which) => {
        const read = readClientHello(Buffer.concat([bytes, Buffer.alloc(70_000)]), which);
        expect(read.kind).not.toBe('incomplete');
        expect(asksForSecondHello(bytes)).toBeTypeOf(
          bytes.length < 43 && (bytes[0] ?? 22) === 22 ? 'object' : 'boolean',
        );
      }),
      { seed: 20, numRuns: 500 },
    );
  });
});
