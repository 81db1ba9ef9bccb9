import { JsonFlaw, parseJson } from '../wire/parse-json.js';
import type { AnswerReader } from '../wire/protocol.js';

/** Reads along with an answer that passes: the events of a stream, or a whole body. */
export interface UsageTap {
  push(text: string): void;
  end(): void;
}

/** More characters of one event, or of one body, aren't kept: what they tell is then not known. */
const maxKeptCharacters = 16_777_216;
const bounds = { depth: 100, values: 250_000 } as const;

/** Hands on to `reader` what an answer says. */
export function createUsageTap(kind: 'events' | 'body', reader: AnswerReader): UsageTap {
  return kind === 'events' ? createEventParser(reader) : createBodyParser(reader);
}

/** The `data` of server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html. */
function createEventParser(reader: AnswerReader): UsageTap {
  const line = createText();
  const data = createText();
  let hasData = false;
  let endedByReturn = false;
  const endLine = (): void => {
    const text = line.take();
    if (text === '') {
      if (hasData) readJson(data.take(), reader);
      hasData = false;
    } else if (text?.startsWith('data:')) {
      if (hasData) data.add('\n');
      data.add(text.slice(text.startsWith('data: ') ? 6 : 5));
      hasData = true;
    } else if (text === null) {
      // Of a line that was too long nobody knows what it said, nor of the event that it is part of.
      data.spoil();
      hasData = true;
    }
  };
  return {
    push(text) {
      let from = 0;
      for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) {
        // A line may end by two characters that come in two pieces.
        const isRest = index === 0 && endedByReturn && end === '\n';
        endedByReturn = false;
        if (!isRest) {
          line.add(text.slice(from, index));
          endLine();
        }
        from = index + end.length;
      }
      line.add(text.slice(from));
      endedByReturn = text === '' ? endedByReturn : text.endsWith('\r');
    },
    end() {
      endLine();
      endLine();
    },
  };
}

function createBodyParser(reader: AnswerReader): UsageTap {
  const body = createText();
  return { push: body.add, end: () => readJson(body.take(), reader) };
}

/** Text that comes in pieces, up to a bound. */
function createText(): { add(piece: string): void; spoil(): void; take(): string | null } {
  let pieces: string[] = [];
  let size = 0;
  return {
    add(piece) {
      size += piece.length;
      if (size <= maxKeptCharacters) pieces.push(piece);
      else pieces = [];
    },
    spoil() {
      size = Number.POSITIVE_INFINITY;
      pieces = [];
    },
    /** Null where it was too long. */
    take() {
      const whole = size <= maxKeptCharacters ? pieces.join('') : null;
      pieces = [];
      size = 0;
      return whole;
    },
  };
}

function readJson(text: string | null, reader: AnswerReader): void {
  if (text === null) return;
  try {
    reader.read(parseJson(text, bounds));
  } catch (error) {
    // `[DONE]`, or nothing that a meter can read.
    if (!(error instanceof JsonFlaw)) throw error;
  }
}
