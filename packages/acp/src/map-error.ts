import { RequestError } from '@agentclientprotocol/sdk';
import { BatonError } from '@baton/core';

/** Why an agent gave no answer that could be used. */
export type TalkFailure =
  /** It wants a person to log in first. */
  | { readonly kind: 'login'; readonly message: string }
  /** It answered with an error. */
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  /** It answered what can't be read, or printed too much. */
  | { readonly kind: 'unreadable'; readonly message: string }
  /** It said nothing more. */
  | { readonly kind: 'closed' };

/** `auth_required` of https://agentclientprotocol.com/protocol/v1/schema#errorcode. */
const authRequired = -32_000;
const messageCharacters = 1_000;

/** Sorts what the SDK rejects with. */
export function mapTalkError(error: unknown): TalkFailure {
  if (BatonError.is(error)) return { kind: 'unreadable', message: [error.message, error.fix ?? ''].join('\n').trim() };
  if (!(error instanceof RequestError)) return { kind: 'closed' };
  const data = error.data === undefined || error.data === null ? '' : JSON.stringify(error.data);
  const message = [error.message, data]
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, messageCharacters);
  return error.code === authRequired
    ? { kind: 'login', message: message.toWellFormed() }
    : { kind: 'error', code: error.code, message: message.toWellFormed() };
}
