import { parseJunit } from './parse-junit.js';
import { noTap, parseTap } from './parse-tap.js';
import type { ReadingPace } from './reading-pace.js';
import type { ParsedReport, ReportProblem } from './test-report.js';

/** The problem of what is another kind of text. */
export const neither = 'is neither JUnit nor TAP';

/** Reads a report, masked, whichever it is: XML begins with `<`, TAP never does. */
export async function parseReport(
  bytes: Uint8Array,
  mask: (text: string) => string,
  pace: ReadingPace,
): Promise<ParsedReport | ReportProblem> {
  const decoded = decodeText(bytes);
  if (typeof decoded !== 'string') return decoded;
  const text = mask(decoded);
  if (/^\s*</.test(text)) return await parseJunit(text, pace);
  if (text.trim() === '') return { problem: 'is empty' };
  const tap = await parseTap(text, pace);
  return 'problem' in tap && tap.problem === noTap ? { problem: neither } : tap;
}

/** By its byte order mark, else by what its XML declaration says, else UTF-8. */
function decodeText(bytes: Uint8Array): string | ReportProblem {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(declared).decode(bytes);
  } catch {
    return { problem: `is written in the encoding ${declared}, which is not known` };
  }
}
