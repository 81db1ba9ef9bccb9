import type { IncomingHttpHeaders } from 'node:http';
import { type Stranger, spell } from './shape.js';

/** What one header of a request may hold: values like this, or those of a list, each with why it is let through. */
export type HeaderRule = RegExp | Readonly<Record<string, string>>;

/** What every protocol passes on, beside its own. Never the placeholder, cookies, or what belongs to one connection. */
const ownWords: Readonly<Record<string, HeaderRule>> = {
  accept: /^[\w*/+.,;= -]{1,200}$/,
  'user-agent': /^[\x20-\x7e]{1,300}$/,
};
/** What an agent may learn of an answer: its kind, and what its client decides by. */
const answerHeaders =
  /^(content-type|retry-after(-ms)?|x-should-retry|(x-)?request-id|anthropic-ratelimit-.*|x-ratelimit-.*)$/;

/** The first value of a request's headers that asks for what isn't let through. Headers that aren't passed on ask for nothing. */
export function findStrangeHeader(
  found: IncomingHttpHeaders,
  rules: Readonly<Record<string, HeaderRule>>,
  allow: ReadonlySet<string>,
): Stranger | null {
  for (const [name, rule] of Object.entries(rules)) {
    for (const value of valuesOf(found[name], rule)) {
      const isKnown = rule instanceof RegExp ? rule.test(value) : Object.hasOwn(rule, value);
      const strange = `${name}=${spell(value)}`;
      if (!isKnown && !allow.has(strange)) return { name: strange, why: 'What it asks for is not known here.' };
    }
  }
  return null;
}

/** The headers that go to the provider. Answers are asked for uncompressed, since they are read along. */
export function mapRequestHeaders(
  found: IncomingHttpHeaders,
  rules: Readonly<Record<string, HeaderRule>>,
): Record<string, string> {
  const mapped: Record<string, string> = { 'accept-encoding': 'identity', 'content-type': 'application/json' };
  for (const [name, rule] of Object.entries(ownWords)) {
    const value = found[name];
    if (typeof value === 'string' && rule instanceof RegExp && rule.test(value)) mapped[name] = value;
  }
  for (const [name, rule] of Object.entries(rules)) {
    const values = valuesOf(found[name], rule);
    if (values.length > 0) mapped[name] = values.join(',');
  }
  return mapped;
}

/** The headers that go back, without the key. One that can't be written is left out. */
export function mapAnswerHeaders(found: IncomingHttpHeaders, mask: (text: string) => string): Record<string, string> {
  const mapped: Record<string, string> = {};
  for (const [name, value] of Object.entries(found)) {
    if (typeof value !== 'string' || !answerHeaders.test(name)) continue;
    if (/^[\t\x20-\x7e\x80-\xff]{0,4000}$/.test(value)) mapped[name] = mask(value);
  }
  return mapped;
}

/** What a client sent as its key: `x-api-key`, or a bearer's. */
export function readPresentedKey(found: IncomingHttpHeaders): string | null {
  const own = found['x-api-key'];
  if (typeof own === 'string') return own;
  return /^Bearer (.+)$/i.exec(found.authorization ?? '')?.[1] ?? null;
}

function valuesOf(found: string | string[] | undefined, rule: HeaderRule): readonly string[] {
  if (found === undefined) return [];
  const whole = typeof found === 'string' ? found : found.join(',');
  if (rule instanceof RegExp) return [whole.trim()];
  return whole
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
