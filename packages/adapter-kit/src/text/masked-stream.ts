/** Lets text through as it comes, masked, but for an end that may be the beginning of a secret. */
export interface MaskedStream {
  push(piece: string): string;
  /** What was held back. */
  end(): string;
}

/**
 * Masks what comes in pieces. `spellings` are those that `mask` replaces and that may come in pieces, which may grow while
 * the stream goes on.
 */
export function createMaskedStream(mask: (text: string) => string, spellings: () => Iterable<string>): MaskedStream {
  let held = '';
  return {
    push(piece) {
      const text = mask(held + piece);
      const open = openLength(text, spellings());
      held = text.slice(text.length - open);
      return text.slice(0, text.length - open);
    },
    end() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

/** How long the longest end of a text is with which one of the spellings begins. */
function openLength(text: string, spellings: Iterable<string>): number {
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
