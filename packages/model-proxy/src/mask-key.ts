import { createSecrets, secretSpellings } from '@baton/adapter-kit';

/** Masks a key in what comes back. */
export interface KeyMask {
  mask(text: string): string;
  /** For text that comes in pieces, of one answer. */
  stream(): MaskedStream;
}

/** Lets text through as it comes, but for an end that may be the beginning of the key. */
export interface MaskedStream {
  push(piece: string): string;
  /** What was held back. */
  end(): string;
}

/** A mask for every usual spelling of a key. Some servers quote the key that they refuse, and some echo requests. */
export function createKeyMask(key: string | null): KeyMask {
  const secrets = createSecrets({ key: key ?? undefined });
  secrets.read('key');
  const spellings = key === null ? [] : [...secretSpellings(key)];
  return {
    mask: (text) => secrets.mask(text),
    stream() {
      let held = '';
      return {
        push(piece) {
          const text = secrets.mask(held + piece);
          const open = openLength(text, spellings);
          held = text.slice(text.length - open);
          return text.slice(0, text.length - open);
        },
        end() {
          const rest = held;
          held = '';
          return rest;
        },
      };
    },
  };
}

/** How long the longest end of a text is with which one of the spellings begins. */
function openLength(text: string, spellings: readonly string[]): number {
  let longest = 0;
  for (const spelling of spellings) {
    const from = Math.max(0, text.length - spelling.length + 1);
    for (let at = text.indexOf(spelling.charAt(0), from); at !== -1; at = text.indexOf(spelling.charAt(0), at + 1)) {
      if (text.length - at <= longest) break;
      if (spelling.startsWith(text.slice(at))) {
        longest = text.length - at;
        break;
      }
    }
  }
  return longest;
}
