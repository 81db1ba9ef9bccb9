import { Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { JsonValue } from '@baton/core';
import type { AnswerReader } from './protocol.js';

/** More of one event, or of one body, isn't kept: it then counts by estimate. */
const maxKeptCharacters = 33_554_432;

/**
 * Lets an answer through as it comes and reads along: the events of a stream, or a whole body. `onEnd` is
 * called before the last byte's receiver hears of the end.
 */
export function createAnswerTap(kind: 'events' | 'body', reader: AnswerReader, onEnd: () => void): Transform {
  const decoder = new StringDecoder('utf8');
  const take = kind === 'events' ? createEventParser(reader) : createBodyParser(reader);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      take.push(decoder.write(chunk));
      done(null, chunk);
    },
    flush(done) {
      take.push(decoder.end());
      take.end();
      onEnd();
      done();
    },
  });
}

interface TextParser {
  push(text: string): void;
  end(): void;
}

/** The `data` of server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html. */
function createEventParser(reader: AnswerReader): TextParser {
  let rest = '';
  let data: string[] = [];
  let size = 0;
  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) readJson(data.join('\n'), reader);
      data = [];
      size = 0;
    } else if (text.startsWith('data:')) {
      size += text.length;
      if (size <= maxKeptCharacters) data.push(text.slice(text.startsWith('data: ') ? 6 : 5));
    }
  };
  return {
    push(text) {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > maxKeptCharacters) rest = '';
      for (const each of lines) line(each);
    },
    end() {
      line(rest);
      line('');
    },
  };
}

function createBodyParser(reader: AnswerReader): TextParser {
  const parts: string[] = [];
  let size = 0;
  return {
    push(text) {
      size += text.length;
      if (size <= maxKeptCharacters) parts.push(text);
    },
    end() {
      readJson(parts.join(''), reader);
    },
  };
}

function readJson(text: string, reader: AnswerReader): void {
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    // `[DONE]`, or nothing that a meter can read.
    return;
  }
  reader.read(value);
}
