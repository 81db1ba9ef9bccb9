import { messageOf } from '@baton/core';
import { type Document, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { readYaml } from './read-yaml.js';

/** A Markdown file with front matter, and what is needed to write it back with nothing else changed. */
export interface MarkdownFile {
  /** Values of the front matter. Empty where there is none. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Line ends are `\n`; without blank lines at the start and white space at the end. */
  readonly body: string;
  readonly source: {
    /** Byte order mark, if any. */
    readonly mark: Buffer;
    /** All before the body, byte by byte: the mark, and the front matter between its lines of dashes. */
    readonly head: Buffer;
    readonly front: string;
    readonly hasFront: boolean;
    /** Everything behind the front matter, byte by byte. */
    readonly rest: Buffer;
  };
}

/** What a file can't be read for, in words that go behind its name. */
export interface Problem {
  readonly problem: string;
}

/** What is to become of a file. Absent: it stays as it is. */
export interface MarkdownChange {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly body?: string;
}

/** Some thousand values: far more than fields have. */
const mostTokens = 10_000;

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Reads front matter and body. Takes any bytes; bytes that aren't UTF-8 are shown replaced, and kept on writing. */
export function parseMarkdown(bytes: Buffer): MarkdownFile | Problem {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { problem: 'is UTF-16: save it as UTF-8' };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { problem: 'is UTF-16: save it as UTF-8' };
  const mark = bytes.subarray(0, 3).equals(utf8Mark) ? utf8Mark : Buffer.alloc(0);
  // One character a byte, so that positions are positions in the file.
  const text = bytes.toString('latin1', mark.length);
  const opening = /^---[ \t]*\r?\n/.exec(text)?.[0].length;
  if (opening === undefined) {
    const rest = bytes.subarray(mark.length);
    return {
      fields: {},
      body: normalizeText(rest.toString('utf8')),
      source: { mark, head: mark, front: '', hasFront: false, rest },
    };
  }
  const closing = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$(?![\s\S]))/m.exec(text.slice(opening));
  if (!closing) return { problem: 'has front matter that never ends: close it with a line of ---' };
  const frontStart = mark.length + opening;
  // YAML takes a mark at the beginning for none of the text, and would read another key once it was written again.
  const front = bytes.toString('utf8', frontStart, frontStart + closing.index).replace(/^\uFEFF+/, '');
  const end = frontStart + closing.index + closing[0].length;
  const [head, rest] = [bytes.subarray(0, end), bytes.subarray(end)];
  const fields = readFields(front);
  if ('problem' in fields) return fields;
  const body = normalizeText(rest.toString('utf8'));
  return { fields: fields.fields, body, source: { mark, head, front, hasFront: true, rest } };
}

/** The file with some fields, or its body, changed. The rest, a person's comments and own keys included, stays. */
export function changeMarkdown(file: MarkdownFile, change: MarkdownChange): Buffer {
  const { mark, head: kept, front, hasFront, rest } = file.source;
  const lineEnd = /\r\n/.test(front) || (!hasFront && rest.includes('\r\n')) ? '\r\n' : '\n';
  const newRest = change.body === undefined ? rest : Buffer.from(`\n${withLineEnds(change.body, lineEnd)}${lineEnd}`);
  if (change.fields === undefined) return Buffer.concat([kept, newRest]);
  const document = parseDocument(front);
  for (const [key, value] of Object.entries(change.fields)) setField(document, key, value);
  const written = document.toString({
    lineWidth: 0,
    flowCollectionPadding: /[[{] /.test(front),
    indentSeq: !/:[ \t]*\r?\n- /.test(front),
    // A start of its own document, as YAML may have one, would end the front matter here.
    directives: false,
    // Folded over lines, some texts are read as others.
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  const head = withLineEnds(`---\n${written.endsWith('\n') ? written : `${written}\n`}---\n`, lineEnd);
  const gap = hasFront || change.body !== undefined ? '' : lineEnd;
  return Buffer.concat([mark, Buffer.from(head + gap), newRest]);
}

/** A new file. */
export function createMarkdown(fields: Readonly<Record<string, unknown>>, body: string): Buffer {
  const nothing = Buffer.alloc(0);
  const empty = { mark: nothing, head: nothing, front: '', hasFront: true, rest: nothing };
  return changeMarkdown({ fields: {}, body: '', source: empty }, { fields, body });
}

/** As a body is compared and kept: `\n`, no blank lines at the start, no white space at the end, no half characters. */
export function normalizeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}

function readFields(front: string): { readonly fields: Record<string, unknown> } | Problem {
  try {
    const read = readYaml(front, mostTokens);
    if ('problem' in read) return { problem: `has front matter that is no YAML: ${read.problem}` };
    const { document } = read;
    if (/^%/.test(front)) return { problem: 'has front matter with directives (%): leave them out' };
    if (document.contents === null || isNothing(document.contents)) return { fields: {} };
    if (!isMap(document.contents)) return { problem: 'has front matter that is no list of keys and values' };
    const fields: Record<string, unknown> = document.toJS({ maxAliasCount: 100 });
    return { fields };
  } catch (error) {
    return { problem: `has front matter that can't be read: ${messageOf(error)}` };
  }
}

function isNothing(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

function setField(document: Document, key: string, value: unknown): void {
  if (document.contents !== null && isNothing(document.contents)) document.contents = null;
  if (value === undefined) {
    if (document.contents !== null) document.delete(key);
    return;
  }
  const present = document.get(key, true);
  if (!Array.isArray(value)) {
    document.set(
      key,
      isScalar(present) && isPlain(value) ? Object.assign(present, { value }) : document.createNode(value),
    );
    return;
  }
  if (!isSeq(present)) {
    document.set(key, document.createNode(value, { flow: true }));
    return;
  }
  const wanted = new Set(value.map(String));
  present.items = present.items.filter((item) => wanted.delete(String(isScalar(item) ? item.value : item)));
  for (const item of wanted) present.items.push(document.createNode(item));
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function withLineEnds(text: string, lineEnd: string): string {
  return lineEnd === '\n' ? text : text.replace(/\r?\n/g, lineEnd);
}
