import { webOrigin } from './settings.js';

/** The number of an issue, by whatever a person types: `412`, `#412`, `owner/repo#412`, a URL. Null for anything else. */
export function referredNumber(reference: string, fullName: string, baseUrl: string): number | null {
  const text = reference.trim();
  const plain = /^#?([1-9]\d{0,8})$/.exec(text)?.[1];
  if (plain !== undefined) return Number(plain);
  const long = /^([\w.-]+\/[\w.-]+)#([1-9]\d{0,8})$/.exec(text);
  if (long) return long[1]?.toLowerCase() === fullName.toLowerCase() ? Number(long[2]) : null;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const match = /^\/([\w.-]+\/[\w.-]+)\/issues\/([1-9]\d{0,8})\/?$/.exec(url.pathname);
  if (match?.[1]?.toLowerCase() !== fullName.toLowerCase()) return null;
  return url.origin === webOrigin(baseUrl) ? Number(match[2]) : null;
}
