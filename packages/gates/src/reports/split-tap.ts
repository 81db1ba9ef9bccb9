import { linesOf } from '../text/lines-of.js';
import { charactersAtOnce } from './reading-pace.js';

/** A piece of one document of a TAP stream, of whole lines. */
export interface TapPiece {
  readonly text: string;
  /** The package whose script printed it, as npm and its like announce it. Empty: nobody said so. */
  readonly label: string;
  /** Whether its document ends with it. */
  readonly isLast: boolean;
}

/** Nobody nests tests deeper, and a parser that is given more steps down until its stack ends. */
const deepestIndent = 64 * 4;
const longestLine = 20_000;
/** Of one diagnosis. YAML takes the square of its keys to be read, and people are shown some hundred characters. */
const longestDiagnosis = 4_000;

/** What is known of the document that is being read. */
interface Document {
  readonly label: string;
  lines: string[];
  tests: number;
  begun: boolean;
  plan: { readonly count: number; readonly atEnd: boolean } | null;
}

const newDocument = (label: string): Document => ({ label, lines: [], tests: 0, begun: false, plan: null });

/**
 * Takes apart what several producers printed one after another, such as the workspaces of `npm test --workspaces`:
 * a parser stops at the end of the first. A document ends where another version or plan begins, or a test comes
 * after all that were planned. Long diagnoses are cut. A piece without text comes where much was read that is in none.
 */
export function* splitTap(text: string): Generator<TapPiece> {
  let document = newDocument('');
  let unseen = 0;
  const cut = createDiagnosisCut();
  for (const line of linesOf(text)) {
    unseen += line.length + 1;
    if (line.length > deepestIndent && line.slice(0, deepestIndent + 1).trim() === '') continue;
    const script = /^> ((?:@[\w.-]+\/)?[\w.-]+)@\S+ \S+$/.exec(line)?.[1];
    const isFull = document.plan !== null && (document.plan.atEnd || document.tests >= document.plan.count);
    const planned = /^1\.\.(\d+)/.exec(line)?.[1];
    const isVersion = /^TAP version \d+/i.test(line);
    const isTest = /^(?:not )?ok\b/.test(line);
    const isOther = (planned !== undefined && document.plan !== null) || (isTest && isFull);
    if (script !== undefined || isVersion || isOther) {
      yield* piecesOf(document, true);
      document = newDocument(script ?? document.label);
      if (script !== undefined) continue;
    }
    if (planned !== undefined) {
      document.plan = { count: Number(planned), atEnd: document.tests > 0 || Number(planned) === 0 };
    }
    if (isTest) document.tests += 1;
    document.begun ||= isVersion || planned !== undefined || isTest || /^Bail out!/i.test(line);
    const kept = cut(line.length > longestLine ? line.slice(0, longestLine) : line);
    if (kept !== null) document.lines.push(kept);
    if (unseen < charactersAtOnce) continue;
    unseen = 0;
    if (document.begun) yield* piecesOf(document, false);
    else yield { text: '', label: document.label, isLast: false };
  }
  yield* piecesOf(document, true);
}

/** Empties a document. One that never began is none, and gives nothing. */
function* piecesOf(document: Document, isLast: boolean): Generator<TapPiece> {
  const { label, lines, begun } = document;
  document.lines = [];
  if (!begun) return;
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < charactersAtOnce) continue;
    yield { text: piece, label, isLast: false };
    piece = '';
  }
  if (isLast || piece !== '') yield { text: piece, label, isLast };
}

/** Takes the lines of diagnoses away that are too many: they stand between `---` and `...`, as far in as both. */
function createDiagnosisCut(): (line: string) => string | null {
  let indent: string | null = null;
  let left = 0;
  return (line) => {
    if (indent === null) {
      indent = /^( +)---$/.exec(line)?.[1] ?? null;
      left = longestDiagnosis;
      return line;
    }
    if (!line.startsWith(indent) || line === `${indent}...`) {
      indent = null;
      return line;
    }
    if (left <= 0) return null;
    const kept = line.slice(0, left);
    left -= line.length + 1;
    return kept;
  };
}
