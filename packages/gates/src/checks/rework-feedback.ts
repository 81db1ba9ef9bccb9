import type { CheckRun } from '@baton/core';
import { cleanName, cleanOutput, listNames } from '../text/clean-output.js';
import type { ResolvedCommand } from './check-command.js';
import { type Comparison, describeEnding } from './compare-runs.js';

/** A check that goes back to the agent. */
export interface RedCheck {
  readonly command: ResolvedCommand;
  readonly base: CheckRun | null;
  readonly head: CheckRun;
  readonly comparison: Comparison;
  /** Why tests failed, by name. */
  readonly messages: ReadonlyMap<string, string>;
}

const maxFeedback = 6_000;
const maxMessage = 500;
const maxNames = 20;

/** What the agent is told of red checks: which command, how it ended, what is new and why, and what isn't its business. */
export function writeFeedback(checks: readonly RedCheck[]): string {
  const share = Math.floor(maxFeedback / checks.length);
  return checks
    .map((check) => clip(describe(check, share), share))
    .join('\n\n')
    .slice(0, maxFeedback);
}

function describe(check: RedCheck, room: number): string {
  const { command, base, head, comparison } = check;
  const before = base === null ? '' : ` On the base: ${describeEnding(base)}.`;
  const parts = [
    `The check "${cleanName(command.name, 80)}" (\`${cleanName(command.run)}\`) is red: ${describeEnding(head)}.${before}`,
  ];
  if (head.timedOut) {
    parts.push('It was ended at its time limit: something hangs, waits for input, or became much slower.');
  } else if (comparison.newFailures.length === 0 && comparison.altered.length === 0) {
    parts.push(comparison.reason);
  }
  parts.push(...describeFailures(check));
  if (comparison.altered.length > 0) {
    parts.push(
      `While it ran, it changed files of the repository: ${listNames(comparison.altered)}. Checks must leave these as they are.`,
    );
  }
  if (comparison.knownFailures.length > 0) {
    parts.push(`Known failures, which you need not mend: ${listNames(comparison.knownFailures)}.`);
  }
  const lost = [...comparison.vanished, ...comparison.newlySkipped];
  if (lost.length > 0) parts.push(`Tests of the base that don't run any more, bring them back: ${listNames(lost)}.`);
  if (comparison.newFailures.length === 0 && head.excerpt !== '') {
    const used = parts.join('\n').length + 40;
    parts.push(`The end of its output:\n${cleanOutput(head.excerpt, Math.max(400, room - used))}`);
  }
  return parts.join('\n');
}

function describeFailures({ base, comparison, messages }: RedCheck): readonly string[] {
  const names = comparison.newFailures;
  if (names.length === 0) return [];
  const lines = names.slice(0, maxNames).map((name) => {
    const message = messages.get(name);
    return message === undefined ? `- ${name}` : `- ${name}\n${indent(firstLines(message))}`;
  });
  if (names.length > maxNames) lines.push(`- and ${names.length - maxNames} more`);
  const what = base === null ? 'fail' : 'fail that did not fail on the base';
  return [
    `${names.length === 1 ? 'This test' : `These ${names.length} tests`} ${names.length === 1 ? what.replace('fail', 'fails') : what}:`,
    ...lines,
  ];
}

/** What broke stands first in a failure's message; the stack comes after. */
function firstLines(message: string): string {
  return clip(cleanOutput(message, 20_000), maxMessage);
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 2).toWellFormed()}\n…`;
}
