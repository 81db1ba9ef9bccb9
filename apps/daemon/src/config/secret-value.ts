const secretName = /token|secret|passw|credential|api_?key|private_?key/i;

/** Whether what is called so is likely a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** User and password of an address are no one's business, also of one that is misspelt. */
export function maskAddress(text: string): string {
  return text.replaceAll(/(\w+:\/\/)[^\s/@]+@/g, '$1***@').replaceAll(/[^\s/@:]+:[^\s/@]+@/g, '***@');
}

const knownShape = /(?:^|[^A-Za-z0-9])(?:gh[a-z]_|github_pat_|gl[a-z]{2,}-|sk-|xox[a-z]-|AKIA)[A-Za-z0-9_-]{6}/;
const longWord = /[A-Za-z0-9+=_-]{24,}/g;

/** Whether a text looks like a secret that somebody pasted: by its beginning, or as one long word of letters and digits. */
export function looksSecret(text: string): boolean {
  const words = text.match(longWord) ?? [];
  return knownShape.test(text) || words.some((word) => /\d/.test(word) && /[A-Za-z]/.test(word));
}
