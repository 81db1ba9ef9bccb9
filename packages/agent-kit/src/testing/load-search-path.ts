/** Where programs are looked for. */
export function loadSearchPath(): string {
  return process.env['PATH'] ?? '';
}
