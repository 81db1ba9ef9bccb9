import type { OpenReply } from '../conversation/conversation.js';
import type { TurnEnding } from './turn-ending.js';

/** What a reply asks for. */
export type ReplyKind =
  | { readonly type: 'calls' }
  /** The calls are not to be carried out. */
  | { readonly type: 'cut-calls' }
  | { readonly type: 'go-on'; readonly why: 'empty' | 'cut' | 'unknown'; readonly note: string }
  | { readonly type: 'end'; readonly ending: TurnEnding };

/** Judges a reply by its parts first: providers' words for why a model stopped differ. `raw` is theirs. */
export function classifyReply({ parts, stop, calls }: OpenReply, raw: string): ReplyKind {
  const text = parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('')
    .trim();
  if (stop === 'refused') {
    return { type: 'end', ending: { unified: 'refused', raw, summary: text || 'The model declined, without words.' } };
  }
  if (stop === 'length') {
    if (calls.length > 0) return { type: 'cut-calls' };
    const note = 'Your message was cut at its greatest length. Go on from where it ends, or do less in one message.';
    return { type: 'go-on', why: 'cut', note };
  }
  if (calls.length > 0) return { type: 'calls' };
  if (text === '') {
    const note = 'Your message was empty. Go on with the task; where it is done, end with a summary.';
    return { type: 'go-on', why: 'empty', note };
  }
  if (stop === 'end') return { type: 'end', ending: { unified: 'done', raw, summary: text } };
  return { type: 'go-on', why: 'unknown', note: 'Go on; where the task is done, end with a summary.' };
}
