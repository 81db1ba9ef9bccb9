import { describe, expect, it } from 'vitest';
import { bytesOfPath, pathOfBytes } from '../src/files/path-bytes.js';

/** As bytes that name files on Linux, and the paths that stand for them. */
const names: readonly (readonly [what: string, bytes: Buffer, path: string])[] = [
  ['ASCII', Buffer.from('src/a.ts'), 'src/a.ts'],
  ['UTF-8', Buffer.from('ünïcode/😀'), 'ünïcode/😀'],
  ['latin1', Buffer.from('caf\xe9.txt', 'latin1'), 'caf\udce9.txt'],
  ['a lone surrogate in bytes', Buffer.of(0x61, 0xed, 0xa0, 0x80), 'a\udced\udca0\udc80'],
  ['an overlong slash', Buffer.of(0xc0, 0xaf), '\udcc0\udcaf'],
  ['a character cut short', Buffer.of(0xf0, 0x9f, 0x98), '\udcf0\udc9f\udc98'],
  ['a byte behind a character of two units', Buffer.from([...Buffer.from('😀'), 0xe9]), '😀\udce9'],
  ['bytes that spell a character of UTF-8 behind one', Buffer.of(0xc3, 0xc3, 0xa9), '\udcc3é'],
  ['the replacement character itself', Buffer.from('\ufffd'), '\ufffd'],
];

describe('a name that is bytes', () => {
  it.each(names)('has one path, and the path the name: %s', (_, bytes, path) => {
    expect(pathOfBytes(bytes.toString('latin1'))).toBe(path);
    expect(bytesOfPath(path)).toEqual(bytes);
  });

  it('keeps every pair of bytes', () => {
    for (let first = 0; first < 256; first += 1) {
      for (let second = 0; second < 256; second += 1) {
        const bytes = Buffer.of(first, second);
        if (!bytesOfPath(pathOfBytes(bytes.toString('latin1'))).equals(bytes)) expect(bytes).toBeNull();
      }
    }
  });
});
