/** The address by which the whole machine reaches the provider, or null. Not a secret: it would be searched for in diffs. */
export function loadBaseUrl(): string | null {
  return process.env['OPENAI_BASE_URL']?.trim() || null;
}
