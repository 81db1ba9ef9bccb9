import { discountOf } from './coupons.js';

/** What a cart comes to, coupons taken off one after another. */
export function cartTotal(items, coupons = []) {
  let total = 0;
  for (const item of items) total += item.cents * item.quantity;
  for (const coupon of coupons) {
    total = total - discountOf(coupon, total);
  }
  return total;
}
