import { maskDeep } from '@baton/adapter-kit';
import { createColors } from 'picocolors';
import type { Environment } from '../environment/load-environment.js';
import { escapeJson, escapeText } from '../text/escape-control.js';
import { wrapLines } from '../text/wrap-text.js';

/** In the order of what they let through. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** What is told on stderr at least. */
export type LogLevel = (typeof logLevels)[number];

/** How the command was asked to answer. */
export interface OutputOptions {
  readonly environment: Environment;
  /** Null: for people. Otherwise the fields that are wanted, all of them where it is empty. */
  readonly json: readonly string[] | null;
  readonly logLevel: LogLevel;
  /** Every text passes it, so that no known secret is printed. */
  readonly mask: (text: string) => string;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Where a command's words go: the result to stdout, everything else to stderr. */
export interface Output {
  readonly json: readonly string[] | null;
  readonly logLevel: LogLevel;
  /** Whether a person reads stderr. Where none does, progress is JSON lines. */
  readonly progressIsRead: boolean;
  /** How wide the terminal is that shows stdout. Null: none does, and lines are left as they are. */
  readonly columns: number | null;
  readonly colours: ReturnType<typeof createColors>;
  /** A line, or several, of the result for people, as they are. */
  print(text: string): void;
  /** The same of words, which are wrapped where a terminal shows them. */
  say(text: string): void;
  /** One object of the result for programs, cut to the fields that were asked for. */
  printJson(value: Readonly<Record<string, unknown>>): void;
  /** A line of progress for people, wrapped where a terminal shows it. */
  tell(text: string): void;
}

function colourWanted(options: OutputOptions): boolean {
  const { environment, stdout } = options;
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  if ((environment['FORCE_COLOR'] ?? '') !== '') return environment['FORCE_COLOR'] !== '0';
  return stdout.isTTY === true && environment['TERM'] !== 'dumb';
}

function pick(value: Readonly<Record<string, unknown>>, fields: readonly string[]): Readonly<Record<string, unknown>> {
  if (fields.length === 0) return value;
  if (Array.isArray(value['items'])) {
    const items = value['items'].map((item: Readonly<Record<string, unknown>>) => pick(item, fields));
    return { schema: value['schema'], items };
  }
  const chosen = Object.fromEntries(fields.filter((field) => field in value).map((field) => [field, value[field]]));
  return 'schema' in value ? { schema: value['schema'], ...chosen } : chosen;
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Of a terminal that doesn't tell. */
const unknownColumns = 80;

/** Output onto two streams. */
export function createOutput(options: OutputOptions): Output {
  const { stdout, stderr, json, mask } = options;
  const columnsOf = (stream: NodeJS.WriteStream): number | null =>
    stream.isTTY === true ? stream.columns || unknownColumns : null;
  const columns = columnsOf(stdout);
  return {
    json,
    logLevel: options.logLevel,
    progressIsRead: stderr.isTTY === true,
    columns,
    colours: createColors(colourWanted(options)),
    print: (text) => void stdout.write(endLine(mask(text))),
    say: (text) => void stdout.write(endLine(wrapLines(mask(text), columns))),
    printJson: (value) => {
      const chosen = 'error' in value ? value : pick(value, json ?? []);
      stdout.write(endLine(escapeJson(JSON.stringify(maskDeep(chosen, mask)))));
    },
    tell: (text) => {
      if (options.logLevel !== 'silent') stderr.write(endLine(wrapLines(mask(text), columnsOf(stderr))));
    },
  };
}

/** An error as people read it: what is wrong, and the `fix:` line that every failure ends with. */
export function formatFailure(message: string, fix: string): string {
  return `${escapeText(message)}\nfix: ${escapeText(fix)}\n`;
}
