import { type AgentUsage, BatonError, messageOf, type TurnOutcome } from '@baton/core';
import { type Document, parseDocument } from 'yaml';
import { z } from 'zod';

/** One turn of a scripted agent. What is named is done in this order: `write`, `edits`, `delete`, `run`. */
export interface ScriptedStep {
  /** Whole files by path. */
  readonly write?: Readonly<Record<string, string>>;
  /** Each `find` has to stand exactly once in its file. An edit that was made already is left as it is. */
  readonly edits?: readonly { readonly path: string; readonly find: string; readonly replace: string }[];
  /** Files and directories. One that isn't there is no error. */
  readonly delete?: readonly string[];
  /** Run as `sh -c <run>` in the sandbox. A non-zero exit is told and changes nothing else. */
  readonly run?: string;
  /** Default `done`. */
  readonly outcome?: TurnOutcome;
  /** The agent's closing words. Default: none. */
  readonly summary?: string;
  /** What the turn is said to have cost. Default: unknown. */
  readonly usage?: Partial<Omit<AgentUsage, 'basis'>>;
  /** How long the turn takes, spread over what it does. Default 0. */
  readonly delayMs?: number;
}

/** What a scripted agent does, turn by turn. */
export interface Script {
  /** By issue key, e.g. `local:0001`. */
  readonly issues?: Readonly<Record<string, readonly ScriptedStep[]>>;
  /** For issues that aren't listed. Default: the turn fails. */
  readonly default?: readonly ScriptedStep[];
}

const path = z
  .string()
  .min(1)
  .refine((value) => !value.startsWith('/') && !value.includes('\0') && !value.split('/').includes('..'), {
    error: 'has to be a path inside the repository, relative to its root',
  });
const count = z.int().nonnegative();
const step = z.strictObject({
  write: z.record(path, z.string()).exactOptional(),
  edits: z.array(z.strictObject({ path, find: z.string().min(1), replace: z.string() })).exactOptional(),
  delete: z.array(path).exactOptional(),
  run: z.string().min(1).exactOptional(),
  outcome: z.enum(['done', 'needs-person', 'limit-reached', 'refused', 'unavailable', 'failed']).exactOptional(),
  summary: z.string().exactOptional(),
  usage: z
    .strictObject({
      inputTokens: count.nullable().exactOptional(),
      cachedInputTokens: count.nullable().exactOptional(),
      outputTokens: count.nullable().exactOptional(),
      microUsd: count.nullable().exactOptional(),
    })
    .exactOptional(),
  delayMs: count.exactOptional(),
});
const script = z.strictObject({
  issues: z.record(z.string(), z.array(step)).exactOptional(),
  default: z.array(step).exactOptional(),
});

/** The library's own warnings, as of a key that is a list, would go past Baton to the error output. */
const quiet = { logLevel: 'error' } as const;

/** Reads a script from YAML. `where` names it in errors. Throws `CONFIG_INVALID`. */
export function parseScript(text: string, where: string, adapter: string): Script {
  const document = parseDocument(text, quiet);
  const [flaw] = document.errors;
  if (flaw) throw invalid(`${where} is not YAML: ${flaw.message}`, adapter);
  return checkScript(plainOf(document, where, adapter), where, adapter);
}

/** Aliases that lead nowhere, or to too much, the library throws for. */
function plainOf(document: Document, where: string, adapter: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw invalid(`${where} can't be read: ${messageOf(error)}`, adapter);
  }
}

/** That a value is a script. `where` names it in errors. Throws `CONFIG_INVALID`. */
export function checkScript(value: unknown, where: string, adapter: string): Script {
  const result = script.safeParse(value);
  if (result.success) return result.data;
  const flaws = result.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
  throw invalid(`${where} is not a script of steps: ${flaws.join('; ')}.`, adapter);
}

function invalid(message: string, adapter: string): BatonError<'CONFIG_INVALID'> {
  return new BatonError('CONFIG_INVALID', message, {
    details: { setting: 'file' },
    adapter,
    fix: 'Mend the script at the place that is named.',
  });
}
