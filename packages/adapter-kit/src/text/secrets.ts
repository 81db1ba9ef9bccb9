import { createMaskedStream, type MaskedStream } from './masked-stream.js';

/** A secret that was read, by the name of its environment variable. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** What was read of the environment, remembered, so that it can be masked and searched for. */
export interface Secrets {
  /** Null where the variable is missing or empty. */
  read(name: string): string | null;
  /** Every secret read so far. */
  values(): readonly Secret[];
  /**
   * Replaces each remembered secret by `[NAME]`: plain, as JSON writes it, in base64 and base64url (inside a
   * longer encoded text too, such as a Basic header), hex and URL-encoded. Each long line of a secret of several lines
   * counts as one too, see `secretLines`. Values shorter than six characters are left: they would hit ordinary words.
   */
  mask(text: string): string;
  /** The same for what comes in pieces. Bytes go through it in latin1, where a character is one: then it spoils none. */
  stream(): MaskedStream;
}

const shortestMasked = 6;
/** A shorter line may be a word, a brace or the like. */
const shortestLine = 16;
/** What keys are made of. Another line may be an ordinary one: a label of PEM, the fields of a credential in JSON. */
const keyLine = /^[\w+/=-]+$/;
const special = /[\\^$.*+?()[\]{}|]/g;

/** Secrets of an environment, which is read only through `read`. */
export function createSecrets(environment: Readonly<Record<string, string | undefined>>): Secrets {
  const remembered = new Map<string, string>();
  let names = new Map<string, string>();
  let inPieces: readonly string[] = [];
  let pattern: RegExp | null = null;
  const remember = (name: string, value: string): void => {
    if (remembered.get(name) === value) return;
    remembered.set(name, value);
    names = new Map();
    for (const [each, secret] of remembered) {
      for (const spelling of secretSpellings(secret)) {
        for (const written of [spelling, Buffer.from(spelling).toString('latin1')]) {
          if (!names.has(written)) names.set(written, each);
        }
      }
    }
    // One that is masked without its blanks too: else each end of a line would wait for the next one.
    inPieces = [...names.keys()].filter((each) => !/^\s/.test(each) || !names.has(each.trim()));
    const longestFirst = [...names.keys()].sort((left, right) => right.length - left.length);
    pattern =
      longestFirst.length === 0
        ? null
        : new RegExp(longestFirst.map((each) => each.replace(special, '\\$&')).join('|'), 'g');
  };
  const mask = (text: string): string =>
    pattern === null ? text : text.replace(pattern, (found) => `[${names.get(found) ?? 'secret'}]`);
  return {
    read(name) {
      const value = environment[name];
      if (value === undefined || value === '') return null;
      remember(name, value);
      return value;
    },
    values: () => [...remembered].map(([name, value]) => ({ name, value })),
    mask,
    stream: () => createMaskedStream(mask, () => inPieces),
  };
}

/**
 * The lines of a secret of several lines, such as a private key in PEM (RFC 7468), that tell it by themselves: whoever
 * comments or quotes it puts something between them. Those of at least 16 characters of base64, trimmed, without the
 * labels, which every key has. Empty for a secret of one line; a break may be written `\\n`, as variables often have it.
 */
export function secretLines(secret: string): readonly string[] {
  const lines = secret
    .trim()
    .split(/[\r\n]|\\[rn]/)
    .map((line) => line.trim());
  if (lines.length === 1) return [];
  return lines.filter((line) => line.length >= shortestLine && keyLine.test(line));
}

/** Every way to write a secret, or a long line of it, that is masked. None for what is shorter than six characters. */
function secretSpellings(secret: string): ReadonlySet<string> {
  return new Set([secret, ...secretLines(secret)].flatMap(spellingsOf));
}

function spellingsOf(secret: string): readonly string[] {
  if (secret.length < shortestMasked) return [];
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const percent = encodeURIComponent(secret);
  const everyByte = hex.replace(/../g, '%$&');
  return [
    secret,
    secret.trim(),
    // As the name of a host, into which an address may have put it.
    secret.toLowerCase(),
    JSON.stringify(secret).slice(1, -1),
    hex,
    hex.toUpperCase(),
    percent,
    percent.replace(/%../g, (each) => each.toLowerCase()),
    percent.replaceAll('%20', '+'),
    everyByte,
    everyByte.toUpperCase(),
    ...base64Spellings(bytes),
  ].filter((each) => each.length >= shortestMasked);
}

/** Base64 groups bytes by three, so that one text looks different at each of three offsets. */
function base64Spellings(bytes: Buffer): string[] {
  const found: string[] = [];
  for (const encoding of ['base64', 'base64url'] as const) {
    found.push(bytes.toString(encoding));
    for (const before of [0, 1, 2]) {
      const encoded = Buffer.concat([Buffer.alloc(before), bytes])
        .toString(encoding)
        .replace(/=+$/, '');
      // The characters at both ends also hold bits of the neighbours.
      const start = Math.ceil((before * 8) / 6);
      const end = Math.floor(((before + bytes.length) * 8) / 6);
      found.push(encoded.slice(start, end));
    }
  }
  return found;
}
