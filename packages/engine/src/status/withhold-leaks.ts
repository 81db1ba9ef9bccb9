import type { Leak, OutgoingText } from '@baton/core';
import type { StepContext } from '../job/step-context.js';

/** What a text is replaced by where it held a secret. */
const withheld = '[withheld: it held something that looks like a secret]';

/** Every secret in texts that are about to leave the machine. A scan that can't be made rejects. */
export function findLeaks(context: StepContext, texts: readonly OutgoingText[]): Promise<readonly Leak[]> {
  return context.project.leakScanner.scan(texts, { signal: context.signal });
}

/** A comment's text, or a note in its place where it holds a secret: a comment must never be why one leaks. */
export async function withoutLeaks(context: StepContext, text: string): Promise<string> {
  const leaks = await findLeaks(context, [{ where: 'comment', text }]);
  return leaks.length === 0 ? text : withheld;
}
