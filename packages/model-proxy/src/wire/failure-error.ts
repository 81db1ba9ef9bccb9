import { BatonError } from '@baton/core';
import type { ModelFailure } from './read-failure.js';

/** Whose error it is, and how its reader mends what nobody else can. */
export interface FailurePlace {
  readonly adapter: string;
  readonly fixes: {
    readonly key: string;
    readonly credit: string;
    readonly model: string;
    readonly address: string;
  };
}

/** A failure as an error. The same failure has the same code and details, whichever client met it. */
export function createFailureError(failure: ModelFailure, { adapter, fixes }: FailurePlace): BatonError {
  const { status } = failure;
  const said = wordsOf(failure);
  switch (failure.kind) {
    case 'key':
      return new BatonError('AUTH_FAILED', `The model's provider refused the key${said}`, {
        details: status === null ? {} : { status },
        adapter,
        fix: fixes.key,
      });
    case 'credit':
      return new BatonError('PERMISSION_DENIED', `The account of the key has no credit left${said}`, {
        details: { resource: 'credit' },
        adapter,
        fix: fixes.credit,
      });
    case 'denied':
      return new BatonError('PERMISSION_DENIED', `The key may not use this model${said}`, {
        details: { resource: 'model' },
        adapter,
        fix: fixes.model,
      });
    case 'missing':
      return new BatonError('NOT_FOUND', `The model's provider has no such model or address${said}`, {
        details: { resource: 'model' },
        adapter,
        fix: `${fixes.model} ${fixes.address}`,
      });
    case 'wait': {
      const { retryAt } = failure;
      const until = new Date(retryAt).toISOString();
      return new BatonError('RATE_LIMITED', `The model's provider asks to wait until ${until}${said}`, {
        details: { retryAt },
        adapter,
      });
    }
    case 'busy':
      return new BatonError('UNAVAILABLE', `The model's provider can't answer now${said}`, {
        details: status === null ? {} : { status },
        adapter,
      });
    case 'elsewhere':
      return new BatonError(
        'PROTOCOL_VIOLATION',
        "The model's address leads elsewhere, and redirects aren't followed.",
        {
          details: { received: String(status) },
          adapter,
          fix: fixes.address,
        },
      );
    case 'overflow':
      return refused(`The conversation is too long for the model${said}`, failure, adapter);
    case 'declined':
      return refused(`The model's provider declines the request${said}`, failure, adapter);
    case 'malformed':
      return refused(`The model's provider called the request wrong${said}`, failure, adapter);
  }
}

function refused(text: string, { message, code }: ModelFailure, adapter: string): BatonError {
  return new BatonError('PROTOCOL_VIOLATION', text, { details: { received: message || code }, adapter });
}

/** ` (429): Slow down`, and of a failure inside an answer its code, which is what it has of a status. */
function wordsOf({ status, isInside, code, message }: ModelFailure): string {
  const number = status === null ? '' : ` (${status})`;
  const words = isInside && message !== '' && code !== '' ? `${code}: ${message}` : message || code;
  return words === '' ? `${number}.` : `${number}: ${words}`;
}
