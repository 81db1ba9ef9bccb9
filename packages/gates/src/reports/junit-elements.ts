import { SaxesParser } from 'saxes';
import { charactersAtOnce, type ReadingPace } from './reading-pace.js';
import { maxReportedTests, type ReportProblem } from './test-report.js';

/** Elements of a report that tell something, by what they may stand in. All others are passed over with what is in them. */
const known = {
  document: ['testsuites', 'testsuite'],
  testsuites: ['testsuite', 'testcase', 'failure', 'error'],
  testsuite: ['testsuite', 'testcase', 'failure', 'error'],
  testcase: ['failure', 'error', 'skipped'],
  failure: [],
  error: [],
  skipped: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Kind = keyof typeof known;

/** An element of a report. Entities in it are those that XML itself defines, and are resolved. */
export interface JunitElement {
  readonly kind: Kind;
  readonly attributes: Readonly<Record<string, string>>;
  /** Without what is in elements that stand in it. */
  readonly text: string;
  readonly children: readonly JunitElement[];
}

interface GrowingElement extends JunitElement {
  text: string;
  readonly children: GrowingElement[];
}

/** Real reports nest a dozen deep. */
const deepest = 100;
/** A test has a suite, a failure and a skip beside it at most, as a rule. */
const mostElements = 4 * maxReportedTests;
const mostAttributes = 1_000;

/** What runners write though no XML may hold it, and what takes nothing else along: characters, and names of entities. */
const harmless = /^(?:\d+:\d+: )?(?:disallowed character\.|undefined entity\.|the string "]]>" )/;

/** Reads XML piece by piece. The document is the element that holds the root. */
export async function readJunitElements(text: string, pace: ReadingPace): Promise<JunitElement | ReportProblem> {
  // In 1.1 references to control characters are none of an error; colours are written so.
  const parser = new SaxesParser({ xmlns: false, defaultXMLVersion: '1.1', forceXMLVersion: true });
  const document: GrowingElement = { kind: 'document', attributes: {}, text: '', children: [] };
  /** Null: it is passed over. */
  const open: (GrowingElement | null)[] = [document];
  let flaw: string | null = null;
  let elements = 0;
  let attributesHere = 0;
  parser.on('error', ({ message }) => {
    if (!harmless.test(message)) flaw ??= `is cut off or no XML (line ${parser.line})`;
  });
  parser.on('attribute', () => {
    attributesHere += 1;
    if (attributesHere > mostAttributes) flaw ??= `has an element with more than ${mostAttributes} attributes`;
  });
  parser.on('opentag', ({ name, attributes }) => {
    attributesHere = 0;
    const holder = open.at(-1) ?? null;
    const kind = holder === null ? undefined : known[holder.kind].find((each) => each === name);
    if (open.length > deepest) flaw ??= 'nests too deep';
    if (holder === null || kind === undefined) open.push(null);
    else {
      const found = { kind, attributes, text: '', children: [] };
      elements += 1;
      if (elements > mostElements) flaw ??= `has more than ${mostElements} elements`;
      holder.children.push(found);
      open.push(found);
    }
  });
  parser.on('closetag', () => void open.pop());
  const take = (said: string): void => {
    const holder = open.at(-1) ?? null;
    if (holder !== null) holder.text += said;
  };
  parser.on('text', take);
  parser.on('cdata', take);
  for (let at = 0; at < text.length && flaw === null; at += charactersAtOnce) {
    parser.write(text.slice(at, at + charactersAtOnce));
    await pace(charactersAtOnce);
  }
  if (flaw === null) parser.close();
  return flaw === null ? document : { problem: flaw };
}
