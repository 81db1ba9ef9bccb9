/** What a command line begins with, as far as that can be told without a shell. */
export type FirstWord =
  /** Looked up in PATH, or by its absolute path. */
  | { readonly kind: 'program'; readonly word: string }
  /** Relative to the checkout. */
  | { readonly kind: 'checkout'; readonly word: string }
  /** In the home directory, which is an empty one of the sandbox's own. */
  | { readonly kind: 'home'; readonly word: string }
  | { readonly kind: 'unclear' };

const assignment = /^[A-Za-z_]\w*=(?:'[^']*'|"[^"$`\\]*"|[^\s'"$`\\;&|<>()]*)\s+/;
const plainWord = /^(?:'([^'-][^']*)'|"([^"$`\\-][^"$`\\]*)"|([\w@%+:,./][\w@%+:,./-]*))(?=[\s;&|<>)]|$)/;
const homeWord = /^(?:~|\$HOME|"\$HOME"|\$\{HOME\})\/[^\s;&|<>()]*/;

/** Reads past variables that are set for the program, and past `exec`. */
export function readFirstWord(run: string): FirstWord {
  let rest = run.trim();
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(assignment, '').replace(/^exec\s+(?=[^-<>\s])/, '');
  }
  const home = homeWord.exec(rest)?.[0];
  if (home !== undefined) return { kind: 'home', word: home };
  const [, single, double, bare] = plainWord.exec(rest) ?? [];
  const word = single ?? double ?? bare;
  if (word === undefined) return { kind: 'unclear' };
  return { kind: word.includes('/') && !word.startsWith('/') ? 'checkout' : 'program', word };
}
