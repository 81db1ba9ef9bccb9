import { z } from 'zod';

/** One word or number, as a person writes it; null where there is none. */
export const wordShape = z
  .union([z.string(), z.number(), z.boolean()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : String(value)));

/** A list, or words with commas between them. */
export const wordsShape = z
  .union([z.array(wordShape), wordShape.transform((value) => (value ?? '').split(','))])
  .transform((values) => values.map((value) => value?.trim() ?? '').filter((value) => value !== ''));

/** A login, with or without `@`; null where there is none. */
export const loginShape = wordShape.transform((value) => value?.trim().replace(/^@/, '') || null);

/** An instant in words, such as `2026-11-22T10:00:00Z`, or null. */
export const instantShape = wordShape.transform((value) => {
  const instant = value === null ? Number.NaN : Date.parse(value);
  return Number.isNaN(instant) ? null : instant;
});

/** A whole number or null. */
export const numberShape = wordShape.transform((value) => {
  const number = value === null || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
});

/** Yes where it says so plainly. */
export const flagShape = wordShape.transform((value) => value !== null && /^(?:true|yes|on|1)$/i.test(value.trim()));

/** What is wrong, in words that go behind the file's name. */
export function toProblem(error: z.ZodError): { readonly problem: string } {
  const [issue] = error.issues;
  return { problem: `has a field ${issue?.path.join('.') || '?'} of the wrong kind` };
}
