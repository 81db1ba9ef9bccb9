import type { VerifyCheckout } from '@baton/core';

/** Notes each use of a checkout, and each time that it is made new. */
export function watched(checkout: VerifyCheckout, used: string[]): VerifyCheckout {
  const note = <Arguments extends readonly unknown[], Result>(what: string, call: (...given: Arguments) => Result) => {
    return (...given: Arguments): Result => {
      used.push(what);
      return call(...given);
    };
  };
  return {
    root: checkout.root,
    scratch: checkout.scratch,
    exec: note('used', checkout.exec.bind(checkout)),
    spawn: note('used', checkout.spawn.bind(checkout)),
    readFile: note('used', checkout.readFile.bind(checkout)),
    writeFile: note('used', checkout.writeFile.bind(checkout)),
    altered: note('used', checkout.altered.bind(checkout)),
    restored: note('used', checkout.restored.bind(checkout)),
    setupProducts: note('used', checkout.setupProducts.bind(checkout)),
    renew: note('renewed', checkout.renew.bind(checkout)),
  };
}
