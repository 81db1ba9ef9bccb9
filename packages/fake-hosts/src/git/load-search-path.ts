/** Where programs are looked for: the machine's `PATH`. */
export function loadSearchPath(): string {
  return process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
}
