/** What a coupon takes off so many cents. */
export function discountOf(coupon, cents) {
  if (coupon.kind === 'percent') return Math.round((cents * coupon.value) / 100);
  return coupon.value;
}
