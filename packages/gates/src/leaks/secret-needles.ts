import { secretLines } from '@baton/adapter-kit';

/** One form in which a secret could stand in a text. */
export interface Needle {
  /** How it is written, e.g. `base64`; null as it is. */
  readonly encoding: string | null;
  readonly text: string;
  /** Whether upper and lower case are the same in this form. */
  readonly anyCase: boolean;
}

/** A secret shorter than this would be found in innocent text. */
export const minSecretLength = 8;

/**
 * Every form of a secret, and of each long line of it, that is searched for. None where it is too short to be told
 * from other text.
 */
export function needlesOf(secret: string): readonly Needle[] {
  const seen = new Set<string>();
  return [secret, ...secretLines(secret)].flatMap(formsOf).filter(({ text }) => !seen.has(text) && seen.add(text));
}

function formsOf(secret: string): readonly Needle[] {
  const value = secret.trim();
  if (value.length < minSecretLength) return [];
  const bytes = Buffer.from(value, 'utf8');
  const base64 = [0, 1, 2].map((offset) => base64At(bytes, offset));
  return [
    { encoding: null, text: value, anyCase: false },
    { encoding: 'escaped', text: JSON.stringify(value).slice(1, -1), anyCase: false },
    ...base64.map((text) => ({ encoding: 'base64', text, anyCase: false })),
    ...base64.map((text) => ({
      encoding: 'base64url',
      text: text.replaceAll('+', '-').replaceAll('/', '_'),
      anyCase: false,
    })),
    { encoding: 'hex', text: bytes.toString('hex'), anyCase: true },
    { encoding: 'URL-encoded', text: encodeURIComponent(value), anyCase: true },
    { encoding: 'reversed', text: [...value].reverse().join(''), anyCase: false },
  ];
}

/**
 * The characters of base64 that depend on these bytes alone when so many others (modulo 3) stand before them:
 * whatever surrounds the secret in what was encoded, one of the three stands in it.
 */
function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const bits = (offset + bytes.length) * 8;
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6));
}
