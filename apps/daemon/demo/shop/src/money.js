/** Cents as people write them: 1234 is "$12.34". */
export function formatCents(cents) {
  const dollars = Math.trunc(cents / 100);
  const rest = cents % 100;
  return `$${dollars}.${String(rest).padStart(2, '0')}`;
}
