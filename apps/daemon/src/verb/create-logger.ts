import type { AdapterHost, JsonValue } from '@baton/core';
import { pino } from 'pino';
import { escapeText } from '../text/escape-control.js';
import type { Output } from './output.js';

/** Writes one line, or one JSON object, to stderr. */
export type Log = AdapterHost['log'];

const ranks = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const;

/**
 * Where adapters and the engine write what isn't a result: plain lines on a terminal; pino's JSON elsewhere.
 * Everything passes the mask, so that no secret that was read is written.
 */
export function createLog(output: Output, stderr: NodeJS.WritableStream, mask: (text: string) => string): Log {
  if (output.progressIsRead) {
    return (level, message) => {
      if (ranks[level] < ranks[output.logLevel]) return;
      const { yellow, red, dim } = output.colours;
      const paint = level === 'error' ? red : level === 'warn' ? yellow : dim;
      output.tell(paint(`${level}: ${escapeText(mask(message))}`));
    };
  }
  const logger = pino(
    {
      level: output.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => void stderr.write(mask(line)) },
  );
  return (level, message, fields: Readonly<Record<string, JsonValue>> = {}) => {
    // A field that says nothing is left out: whoever reads logs takes an absent one for the same.
    logger[level](Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)), message);
  };
}
