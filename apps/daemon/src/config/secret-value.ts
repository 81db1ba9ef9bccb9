const secretName = /token|secret|passw|credential|api_?key|private_?key/i;

/** Whether what is called so is likely a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** User and password of an address are no one's business, also of one that is misspelt. */
export function maskAddress(text: string): string {
  return text.replaceAll(/(\w+:\/\/)[^\s/@]+@/g, '$1***@').replaceAll(/[^\s/@:]+:[^\s/@]+@/g, '***@');
}
