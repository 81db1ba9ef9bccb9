/** What stands at the beginning of a TLS connection, as far as it was read. */
export type ClientHello =
  | {
      readonly kind: 'hello';
      /** The host that is asked for (RFC 6066, 3), in lower case. Null where none is named. */
      readonly serverName: string | null;
      /** How many bytes it takes, its records' heads included. */
      readonly length: number;
    }
  /** More bytes are needed. */
  | { readonly kind: 'incomplete' }
  /** No hello, or one that could be read in two ways, or that hides which host it asks for. */
  | { readonly kind: 'unreadable' };

/** Content types of records (RFC 8446, 5.1). */
const record = { changeCipherSpec: 20, handshake: 22, applicationData: 23 } as const;
/** Types of handshake messages (RFC 8446, 4). */
const message = { clientHello: 1, serverHello: 2 } as const;
const recordHead = 5;
const messageHead = 4;
/** Beyond it nothing is read: hellos with session tickets and post-quantum keys take a few thousand. */
const longest = 65_536;
const mostRecords = 32;
const serverNameExtension = 0;
/** Encrypted Client Hello (RFC 9849), its drafts, and the Encrypted SNI before them: who is asked for isn't told. */
const hidingExtensions = [0xffce, 0xfe08, 0xfe09, 0xfe0a, 0xfe0b, 0xfe0c, 0xfe0d];
/** By this `random` a server hello asks for another client hello (RFC 8446, 4.1.3). */
const retryRandom = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

const incomplete: ClientHello = { kind: 'incomplete' };
const unreadable: ClientHello = { kind: 'unreadable' };

/** Whether a connection begins with a TLS record. */
export function beginsTls(bytes: Buffer): boolean {
  return bytes[0] === record.handshake;
}

/**
 * Reads a client hello, which may come in any number of records. The second one, which a server may ask for,
 * can follow records that no server heeds before it (RFC 8446, 4.2.10 and D.4).
 */
export function readClientHello(bytes: Buffer, which: 'first' | 'second' = 'first'): ClientHello {
  const unfinished = bytes.length > longest ? unreadable : incomplete;
  const parts: Buffer[] = [];
  let [at, gathered] = [0, 0];
  for (let records = 0; records < mostRecords; records += 1) {
    if (bytes.length < at + recordHead) return unfinished;
    const [type, end] = [bytes[at], at + recordHead + bytes.readUInt16BE(at + 3)];
    const isPassed = type === record.changeCipherSpec || type === record.applicationData;
    if (isPassed && which === 'second' && parts.length === 0) {
      if (bytes.length < end) return unfinished;
      at = end;
      continue;
    }
    if (type !== record.handshake || bytes[at + 1] !== 3 || end === at + recordHead) return unreadable;
    if (bytes.length < end) return unfinished;
    parts.push(bytes.subarray(at + recordHead, end));
    gathered += end - at - recordHead;
    at = end;
    const head = Buffer.concat(parts, Math.min(gathered, messageHead));
    if (head[0] !== message.clientHello) return unreadable;
    if (gathered < messageHead) continue;
    const length = messageHead + head.readUIntBE(1, 3);
    // What followed in the same record would go unread.
    if (length > longest || gathered > length) return unreadable;
    if (gathered < length) continue;
    const serverName = readServerName(Buffer.concat(parts).subarray(messageHead));
    return serverName === undefined ? unreadable : { kind: 'hello', serverName, length: at };
  }
  return unreadable;
}

/** Whether a server's first bytes ask for a second client hello. Null: more bytes are needed. */
export function asksForSecondHello(bytes: Buffer): boolean | null {
  if (bytes.length > 0 && bytes[0] !== record.handshake) return false;
  const random = recordHead + messageHead + 2;
  if (bytes.length < random + retryRandom.length) return null;
  return (
    bytes[recordHead] === message.serverHello && bytes.subarray(random, random + retryRandom.length).equals(retryRandom)
  );
}

/** The name in a hello's body (RFC 8446, 4.1.2). Null: it has none. Undefined: it can't be read, or hides it. */
function readServerName(body: Buffer): string | null | undefined {
  try {
    const all = createCursor(body);
    all.take(2 + 32);
    all.vector(1);
    all.vector(2);
    all.vector(1);
    if (all.isAtEnd()) return null;
    const extensions = createCursor(all.vector(2));
    if (!all.isAtEnd()) return undefined;
    const seen = new Set<number>();
    let name: string | null = null;
    while (!extensions.isAtEnd()) {
      const type = extensions.take(2).readUInt16BE();
      const content = extensions.vector(2);
      if (seen.has(type) || hidingExtensions.includes(type)) return undefined;
      seen.add(type);
      if (type !== serverNameExtension) continue;
      const extension = createCursor(content);
      const list = createCursor(extension.vector(2));
      const isHostName = list.take(1)[0] === 0;
      name = list.vector(2).toString('latin1').toLowerCase();
      if (!isHostName || !list.isAtEnd() || !extension.isAtEnd()) return undefined;
    }
    return name;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Cursor {
  isAtEnd(): boolean;
  /** The next so many bytes. A `RangeError` where there are fewer. */
  take(count: number): Buffer;
  /** What follows its own length, which is written in so many bytes. */
  vector(lengthBytes: number): Buffer;
}

function createCursor(bytes: Buffer): Cursor {
  let at = 0;
  const take = (count: number): Buffer => {
    if (at + count > bytes.length) throw new RangeError('The message ends too early.');
    at += count;
    return bytes.subarray(at - count, at);
  };
  return {
    isAtEnd: () => at === bytes.length,
    take,
    vector: (lengthBytes) => take(take(lengthBytes).readUIntBE(0, lengthBytes)),
  };
}
