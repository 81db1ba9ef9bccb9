import { isUtf8 } from 'node:buffer';

/**
 * A path of a contract (`Change.path`) from git's bytes, given as latin1. Bytes that aren't UTF-8 become lone
 * surrogates, U+DC00 plus the byte, so that `bytesOfPath` gives exactly these bytes again.
 */
export function pathOfBytes(bytes: string): string {
  const name = Buffer.from(bytes, 'latin1');
  if (isUtf8(name)) return name.toString('utf8');
  let path = '';
  for (let at = 0; at < name.length; ) {
    const lead = name.readUInt8(at);
    const length = lengthByLead(lead);
    const part = name.subarray(at, at + length);
    const isCharacter = part.length === length && isUtf8(part);
    path += isCharacter ? part.toString('utf8') : String.fromCharCode(escapeBase + lead);
    at += isCharacter ? length : 1;
  }
  return path;
}

/** What a path is called on the disk. */
export function bytesOfPath(path: string): Buffer {
  if (path.isWellFormed()) return Buffer.from(path, 'utf8');
  return Buffer.concat(
    [...path].map((character) => {
      const byte = character.charCodeAt(0) - escapeBase;
      return character.length === 1 && byte >= 0x80 && byte <= 0xff ? Buffer.of(byte) : Buffer.from(character, 'utf8');
    }),
  );
}

const escapeBase = 0xdc00;

/** How many bytes a character has that begins with this one (RFC 3629). */
function lengthByLead(byte: number): number {
  if (byte < 0xc0) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}
