import { clip } from './untrusted-text.js';

/** How a repository titles its commits, where it does so by a rule: `type(scope): what changed`. */
export interface HouseStyle {
  /** The types that its history uses, the most used first. */
  readonly types: readonly [string, ...string[]];
  /** Whether what changed begins with a small letter. */
  readonly isLowerCase: boolean;
  /** To show how: the newest title of the history, but for its words, which anybody may have written. */
  readonly example: string;
}

/** A title by the rule, in its parts. */
export interface StyledTitle {
  readonly type: string;
  /** With its brackets, and `!` behind it where the title says so; else empty. */
  readonly scope: string;
  readonly text: string;
}

const longestSubject = 200;
/** Of fewer, nobody knows whether it is a rule. */
const fewest = 5;
const share = 0.6;

/** `fix(cart): sum up`, as conventionalcommits.org has it. Null where a line isn't one. */
export function parseStyledTitle(line: string): StyledTitle | null {
  const [, type, scope = '', text] =
    /^([a-z][a-z-]{0,19})((?:\([\w./,@ -]{1,40}\))?!?): +(\S.*)$/.exec(clip(line.trim(), longestSubject).text) ?? [];
  return type === undefined || text === undefined ? null : { type, scope, text };
}

/** What the newest subjects of a history have in common. Null where most follow no rule. */
export function findHouseStyle(subjects: readonly string[]): HouseStyle | null {
  const styled = subjects.flatMap((subject) => {
    const title = parseStyledTitle(subject);
    return title === null ? [] : [title];
  });
  const [first] = styled;
  if (first === undefined || styled.length < fewest || styled.length < subjects.length * share) return null;
  const counts = new Map<string, number>();
  for (const { type } of styled) counts.set(type, (counts.get(type) ?? 0) + 1);
  const types = [...counts].toSorted(([, left], [, right]) => right - left).map(([type]) => type);
  const small = styled.filter(({ text }) => /^\p{Ll}/u.test(text)).length;
  const [most = first.type, ...rest] = types;
  const isLowerCase = small * 2 > styled.length;
  const scope = /\s/.test(first.scope) ? '' : first.scope;
  const example = `${first.type}${scope}: ${isLowerCase ? 'what' : 'What'} was changed`;
  return { types: [most, ...rest], isLowerCase, example };
}

/** What a label says of the kind of a change, by the words that hosts and people commonly use. */
const byLabel: readonly (readonly [type: string, label: RegExp])[] = [
  ['fix', /\b(?:bug|bugfix|defect|regression|fix)\b/i],
  ['feat', /\b(?:enhancement|feature|feat)\b/i],
  ['docs', /\b(?:docs?|documentation)\b/i],
  ['perf', /\b(?:perf|performance)\b/i],
  ['refactor', /\brefactor(?:ing)?\b/i],
  ['test', /\btests?\b/i],
  ['ci', /\bci\b/i],
  ['build', /\b(?:build|dependencies)\b/i],
  ['chore', /\b(?:chore|maintenance)\b/i],
];

/**
 * A title by the rule: of the type that the labels say, else of the one that was proposed, as far as the history uses
 * it. Where nobody says one, `chore`, or what is used most: of a diff a feature can't be told from a fix.
 */
export function styleTitle(
  style: HouseStyle,
  {
    text,
    proposed,
    labels,
  }: { readonly text: string; readonly proposed: string | null; readonly labels: readonly string[] },
): string {
  const title = proposed === null ? null : parseStyledTitle(proposed);
  const isUsed = (type: string): boolean => style.types.includes(type);
  const said = byLabel.find(([type, label]) => isUsed(type) && labels.some((each) => label.test(each)))?.[0];
  const own = title !== null && isUsed(title.type) ? title : null;
  const type = said ?? own?.type ?? (isUsed('chore') ? 'chore' : style.types[0]);
  const words = [own?.text ?? '', text].map((each) => each.replace(/[.\s]+$/, '')).find(isReadable) ?? text;
  return `${type}${own?.scope ?? ''}: ${style.isLowerCase ? lowerFirst(words) : words}`;
}

/** Blanks that Unicode counts among letters are none that anybody reads. */
function isReadable(text: string): boolean {
  return /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}]/u.test(text);
}

/** Not of a name that is written in capitals, or begins one. */
function lowerFirst(text: string): string {
  return /^\p{Lu}(?:\p{Ll}|\s)/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
