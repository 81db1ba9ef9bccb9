import type { VerifyCheckout, Workspace } from '@baton/core';

/** A workspace of the role `verify` as gates are handed it: of one tree, and made new by them before each run. */
export function createVerifyCheckout(workspace: Workspace, tree: string): VerifyCheckout {
  const { root, scratch } = workspace;
  return {
    root,
    scratch,
    exec: (command, options) => workspace.exec(command, options),
    spawn: (command, options) => workspace.spawn(command, options),
    readFile: (path, options) => workspace.readFile(path, options),
    writeFile: (path, data, options) => workspace.writeFile(path, data, options),
    renew: (options) => workspace.renew(tree, options),
    altered: (options) => workspace.altered(options),
    restored: (options) => workspace.restored(options),
    setupProducts: (options) => workspace.setupProducts(options),
  };
}
