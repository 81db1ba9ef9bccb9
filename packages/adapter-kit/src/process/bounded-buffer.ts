/** Bytes of which only the beginning and the end are kept. */
export interface BoundedBuffer {
  readonly truncated: boolean;
  append(chunk: Uint8Array): void;
  /** As UTF-8; where something was dropped, a line in the middle says how much. */
  text(): string;
}

/** Keeps at most `limit` bytes, half from either end, and never holds more than that in memory. */
export function createBoundedBuffer(limit: number): BoundedBuffer {
  const headLimit = Math.ceil(limit / 2);
  const tailLimit = limit - headLimit;
  let head = Buffer.alloc(0);
  let headLength = 0;
  let ring = Buffer.alloc(0);
  let total = 0;

  const appendToHead = (chunk: Uint8Array): void => {
    const needed = headLength + chunk.length;
    if (needed > head.length) {
      const grown = Buffer.allocUnsafe(Math.min(headLimit, Math.max(needed, head.length * 2, 4096)));
      head.copy(grown, 0, 0, headLength);
      head = grown;
    }
    head.set(chunk, headLength);
    headLength = needed;
  };
  const appendToRing = (chunk: Uint8Array): void => {
    if (tailLimit === 0) return;
    if (ring.length === 0) ring = Buffer.allocUnsafe(tailLimit);
    const last = chunk.subarray(Math.max(0, chunk.length - tailLimit));
    const start = (total - headLength + chunk.length - last.length) % tailLimit;
    const first = last.subarray(0, tailLimit - start);
    ring.set(first, start);
    ring.set(last.subarray(first.length), 0);
  };
  const tail = (): Buffer => {
    const length = total - headLength;
    if (length <= tailLimit) return ring.subarray(0, length);
    const start = length % tailLimit;
    return Buffer.concat([ring.subarray(start), ring.subarray(0, start)]);
  };

  return {
    get truncated() {
      return total > headLength + tailLimit;
    },
    append(chunk) {
      const forHead = chunk.subarray(0, headLimit - headLength);
      if (forHead.length > 0) {
        appendToHead(forHead);
        total += forHead.length;
      }
      const rest = chunk.subarray(forHead.length);
      if (rest.length > 0) {
        appendToRing(rest);
        total += rest.length;
      }
    },
    text() {
      const first = head.subarray(0, headLength);
      if (total <= headLimit + tailLimit) return Buffer.concat([first, tail()]).toString('utf8');
      const kept = withoutCutEnd(first);
      const end = tailLimit === 0 ? ring : withoutCutStart(tail());
      const dropped = total - kept.length - end.length;
      return `${kept.toString('utf8')}\n[${dropped} bytes dropped]\n${end.toString('utf8')}`;
    },
  };
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Without the bytes of a character that goes on behind the end. */
function withoutCutEnd(bytes: Buffer): Buffer {
  let start = bytes.length - 1;
  while (start > bytes.length - 4 && isContinuation(bytes[start])) start -= 1;
  const lead = bytes[start] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + length > bytes.length ? bytes.subarray(0, start) : bytes;
}

/** Without the bytes of a character that began before the start. */
function withoutCutStart(bytes: Buffer): Buffer {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  return bytes.subarray(start);
}
