import type { CallOptions, Feedback, Forge } from '@baton/core';
import { stripHidden } from '../text/untrusted-text.js';

/**
 * Whether somebody asks for something with what they said. People below a pull request thank, agree, give other bots
 * commands and ask each other: a round for each of these would be paid for, and leave none for what is wanted. What is
 * said of a line, or with a verdict, always asks; an approval never does.
 */
export async function asksForWork(
  { body, verdict, path }: Pick<Feedback, 'body' | 'verdict' | 'path'>,
  forge: Pick<Forge, 'findActor'>,
  options?: CallOptions,
): Promise<boolean> {
  if (verdict === 'approve') return false;
  const said = ownWords(body);
  if (said === '') return false;
  if (verdict === 'request-changes' || path !== null) return true;
  if (isForBots(said) || isAgreement(said)) return false;
  return !(await isForOthers(said, forge, options));
}

/** What stands in a text but for quotations of what others said. */
function ownWords(body: string): string {
  const lines = stripHidden(body).split('\n');
  return lines
    .filter((line) => !/^\s{0,3}>/.test(line))
    .join('\n')
    .trim();
}

/** Nothing but commands such as `/retest`: each line begins with one. */
function isForBots(said: string): boolean {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  return lines.every((line) => /^\s*\/[a-z][\w-]*(?:\s|$)/i.test(line));
}

const longestAgreement = 200;
const agreement =
  /^(?:(?:many |big )?thanks?(?: you)?(?: (?:a lot|so much|very much|again))?|thx|cheers|lgtm|(?:it |that |this )?looks? (?:very )?(?:good|great|fine|nice)(?: to me)?|(?:very |really )?(?:nice|great|good|excellent|awesome)(?: (?:work|job|one|catch|stuff))?|well done|perfect|ship it|approved|\+1)$/i;

/** Nothing but thanks and praise. */
function isAgreement(said: string): boolean {
  if (said.length > longestAgreement) return false;
  const phrases = said
    .replace(/:[a-z0-9_+-]{1,40}:|\p{Extended_Pictographic}|[\u{1f3fb}-\u{1f3ff}\ufe0f\u200d]/gu, ' ')
    .split(/[.!,;:\n…]+/)
    .map((each) => each.replace(/\s+/g, ' ').trim())
    .filter((each) => each !== '');
  return phrases.every((each) => agreement.test(each));
}

const mostMentions = 5;

/** It begins with names, and none of them is Baton's: its account's, an App's as people write it, or just that. */
async function isForOthers(
  said: string,
  forge: Pick<Forge, 'findActor'>,
  options: CallOptions | undefined,
): Promise<boolean> {
  const [begin = ''] = /^(?:@[\w][\w.-]{0,99}(?:\[bot\])?(?:,? and |[\s,:]+))+/.exec(`${said} `) ?? [];
  const names = [...begin.matchAll(/@([\w][\w.-]{0,99}(?:\[bot\])?)/g)].map(([, name = '']) => name);
  if (names.length === 0 || names.length > mostMentions || forge.findActor === undefined) return false;
  for (const name of names) {
    if (name.toLowerCase() === 'baton') return false;
    for (const spelling of [name, `${name}[bot]`]) {
      if ((await forge.findActor(spelling, options))?.kind === 'self') return false;
    }
  }
  return true;
}
