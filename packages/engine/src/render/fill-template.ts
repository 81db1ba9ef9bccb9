import { tableCell } from '../text/untrusted-text.js';

/** What Baton knows of a pull request, by what templates ask for. All of it Markdown. */
export interface TemplateAnswers {
  /** The agent's words, as a quotation. Empty: none, or they may not be shown. */
  readonly summary: string;
  /** The line that closes the issue. */
  readonly closes: string;
  /** A line for each check. Empty: none was run. */
  readonly evidence: readonly string[];
  readonly checks: readonly { readonly name: string; readonly isGreen: boolean }[];
}

/** What a template's form came to. */
export interface FilledTemplate {
  readonly text: string;
  /** Which answers stand in it. */
  readonly answered: ReadonlySet<Question>;
}

type Question = 'issue' | 'tests' | 'summary';

/** A heading of a template, and the boxes below it. */
interface Section {
  /** Null: what stands before the first heading. */
  readonly heading: { readonly text: string; readonly show: (text: string) => string } | null;
  readonly boxes: readonly string[];
}

const longestTemplate = 64_000;
const mostSections = 50;
const mostBoxes = 100;
/** In characters, of a heading or a box. */
const longestLine = 300;

/** By the words of a heading. Those that come first count: of "what issue does this fix" it is the issue. */
const questions: readonly (readonly [Question | null, RegExp])[] = [
  [null, /\b(?:types? of|kind of|breaking|checklist|check list|screenshots?|risks?|deploy\w*|roll ?back)\b/i],
  ['issue', /\b(?:issues?|tickets?|fixes|closes|resolves)\b/i],
  ['tests', /\b(?:tests?|tested|testing|verification|verified|qa)\b/i],
  ['summary', /\b(?:description|describe|summary|overview|what|why|changes?|motivation|context|purpose|about)\b/i],
];

// None of these may try a run of blanks again from each of its places: templates are long, and not Baton's.
const box = /^\s*(?:[-*+]|\d+[.)])\s+\[[ xX]\]\s(.*)$/s;
const hashes = /^ {0,3}(#{1,6})\s(.*)$/s;
const closingHashes = /(?<=^|\s)#+$/;
const bold = /^\s*\*\*([^*]+)\*\*:?\s*$/;
const underline = /^ {0,3}(?:=+|-{2,})\s*$/;

/**
 * A repository's template, filled with what was measured: its headings in their order, with an answer where Baton has
 * one, and its boxes, of which those are ticked that a green check stands for. What it says in between is for people who
 * fill it in, and stays out. Null where it has neither headings nor boxes, so that there is nothing to fill in.
 */
export function fillTemplate(template: string, answers: TemplateAnswers): FilledTemplate | null {
  const sections = sectionsOf(template);
  if (sections.every(({ heading, boxes }) => heading === null && boxes.length === 0)) return null;
  const answered = new Set<Question>();
  let left = false;
  const parts = sections.map(({ heading, boxes }) => {
    const answer = heading === null ? '' : answerTo(questionOf(heading.text), answers, answered);
    const lines = boxes.map((text) => {
      const isTicked = isShown(text, answers);
      left ||= !isTicked;
      return `- [${isTicked ? 'x' : ' '}] ${tableCell(text, { longest: longestLine })}`;
    });
    const said = answer === '' && lines.length === 0 && heading !== null ? notChecked : answer;
    return [
      ...(heading === null ? [] : [heading.show(tableCell(heading.text, { longest: longestLine }))]),
      said,
      lines.join('\n'),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  const end = left ? ['Boxes without a tick were not checked by Baton.'] : [];
  return { text: [...parts, ...end].filter((part) => part !== '').join('\n\n'), answered };
}

const notChecked = 'Not checked by Baton.';

function sectionsOf(template: string): readonly Section[] {
  const sections: { heading: Section['heading']; boxes: string[] }[] = [{ heading: null, boxes: [] }];
  let boxes = 0;
  let fence: string | null = null;
  const lines = template
    .slice(0, longestTemplate)
    .replaceAll('\r\n', '\n')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .split('\n');
  for (const [index, line] of lines.entries()) {
    const [, opening] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (opening !== undefined) fence = fence === null ? opening : line.trim().startsWith(fence) ? null : fence;
    if (opening !== undefined || fence !== null) continue;
    const heading = headingOf(line, lines[index + 1] ?? '');
    if (heading !== null && sections.length < mostSections) sections.push({ heading, boxes: [] });
    const text = box.exec(line)?.[1]?.trim() ?? '';
    if (text === '' || boxes >= mostBoxes) continue;
    boxes += 1;
    sections.at(-1)?.boxes.push(text);
  }
  return sections;
}

function headingOf(line: string, next: string): Section['heading'] {
  const [, signs, behind = ''] = hashes.exec(line) ?? [];
  const hashed = behind.trim().replace(closingHashes, '').trim();
  if (signs !== undefined && hashed !== '') return { text: hashed, show: (text) => `${signs} ${text}` };
  const [, strong] = bold.exec(line) ?? [];
  if (strong !== undefined) return { text: strong, show: (text) => `**${text}**` };
  if (line.trim() === '' || box.test(line) || !underline.test(next)) return null;
  const level = next.trim().startsWith('=') ? '#' : '##';
  return { text: line.trim(), show: (text) => `${level} ${text}` };
}

function questionOf(heading: string): Question | null {
  return questions.find(([, words]) => words.test(heading))?.[0] ?? null;
}

/** Once: a second heading that asks the same is sent to the first. */
function answerTo(question: Question | null, answers: TemplateAnswers, answered: Set<Question>): string {
  if (question === null) return '';
  const { summary, closes, evidence } = answers;
  const texts = { issue: closes, tests: evidence.join('\n'), summary } satisfies Record<Question, string>;
  const answer = texts[question];
  if (answer === '') return '';
  if (answered.has(question)) return 'See above.';
  answered.add(question);
  return answer;
}

/** What a check of such a name says is so where it is green. */
const claims: readonly { readonly said: RegExp; readonly check: RegExp }[] = [
  { said: /\btests?\b/gi, check: /(?<!la|at|con)test|\br?specs?\b/i },
  { said: /\blint(?:s|ing|er)?\b/gi, check: /lint/i },
  { said: /\btype(?:s|check|-check| checks?)?\b/gi, check: /type|tsc/i },
  { said: /\b(?:builds?|compiles?)\b/gi, check: /build|compile/i },
  { said: /\bformat(?:s|ted|ting)?\b/gi, check: /format|fmt/i },
];

const green = /\b(?:pass|passes|passing|passed|green|succeeds?|clean)\b/i;

/** Words that add nothing to what a box claims. */
const plain: ReadonlySet<string> = new Set(
  'a all and any are been code existing has have is it my new of our pass passed passes passing pr pull request green clean runs still succeed succeeds successfully suite the these they this with change changes'.split(
    ' ',
  ),
);

/** Words that turn a claim round, which the name of a check may hold as well. */
const turning: ReadonlySet<string> = new Set(
  'but except fail failed failing fails neither never no none nor not only or skip skipped skipping skips unless without'.split(
    ' ',
  ),
);

/** What may stand between words and adds nothing either: neither a question, nor a picture that says no. */
const written = /^[\p{L}\p{M}\p{N}\s.,:;()/&'\u2019"`*_+-]*$/u;

/** In small letters, and whose: "the cart's tests" are those of the cart. */
const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replaceAll(/['\u2019]s(?![\p{L}\p{M}\p{N}])/gu, '')
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

/** Whether green checks stand for every word of it: not for what somebody did, nor for a place where nobody looked. */
function isShown(text: string, { checks }: TemplateAnswers): boolean {
  if (!green.test(text) || !written.test(text) || wordsOf(text).some((word) => turning.has(word))) return false;
  const said = claims.filter((claim) => text.search(claim.said) !== -1);
  const named = said.map(({ check }) => checks.filter(({ name }) => check.test(name)));
  if (said.length === 0 || named.some((each) => each.length === 0)) return false;
  if (named.flat().some(({ isGreen }) => !isGreen)) return false;
  // Whole words: of a check that is called `build`, nobody knows that a UI was tested.
  const names = new Set(named.flat().flatMap(({ name }) => wordsOf(name)));
  const rest = said.reduce((left, claim) => left.replace(claim.said, ' '), text);
  return wordsOf(rest).every((word) => plain.has(word) || names.has(word));
}
