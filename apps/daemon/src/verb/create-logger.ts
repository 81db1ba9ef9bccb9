import type { AdapterHost, JsonValue } from '@baton/core';
import { escapeText } from '../text/escape-control.js';
import type { Output } from './output.js';

/** Writes one line, or one JSON object, to stderr. */
export type Log = AdapterHost['log'];

const ranks = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const;

/**
 * Where adapters and the engine write what isn't a result: plain lines on a terminal; JSON elsewhere.
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
  return (level, message, fields: Readonly<Record<string, JsonValue>> = {}) => {
    if (ranks[level] < ranks[output.logLevel]) return;
    // A field that says nothing is left out: whoever reads logs takes an absent one for the same.
    const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
    const line = { level, time: new Date().toISOString(), ...said, msg: message };
    stderr.write(`${mask(JSON.stringify(line))}\n`);
  };
}
