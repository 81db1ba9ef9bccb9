import { BatonError, messageOf } from '@baton/core';

/** What failed, as people are told of it, and how to mend it where the error knows. */
export function describeFailure(error: unknown): string {
  const message = messageOf(error);
  if (!BatonError.is(error) || error.fix === undefined) return message;
  return `${endSentence(message)} To mend it: ${endSentence(lowerFirst(error.fix))}`;
}

function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** A fix stands by itself elsewhere. Names of variables and the like keep their letters. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]*(?=\s)/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
}
