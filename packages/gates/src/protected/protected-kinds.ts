import { agentInstructions } from './agent-instructions.js';
import { build } from './build.js';
import { checkScripts } from './check-scripts.js';
import { ci } from './ci.js';
import { compiler } from './compiler.js';
import { container } from './container.js';
import { dependencies } from './dependencies.js';
import { editor } from './editor.js';
import { environment } from './environment.js';
import { git } from './git.js';
import { hooks } from './hooks.js';
import { lint } from './lint.js';
import { lockfiles } from './lockfiles.js';
import { owners } from './owners.js';
import { packageManager } from './package-manager.js';
import type { ProtectedKind } from './protected-kind.js';
import { setupScripts } from './setup-scripts.js';
import { tasks } from './tasks.js';
import { testRunner } from './test-runner.js';
import { toolchain } from './toolchain.js';
import { tools } from './tools.js';

/**
 * What is more than code: each kind answers whether a file can steer a check, the host's continuous integration, a
 * developer's machine or the next agent. A file is of the first kind that has it.
 */
export const protectedKinds = {
  git,
  ci,
  owners,
  hooks,
  'agent-instructions': agentInstructions,
  editor,
  container,
  environment,
  'package-manager': packageManager,
  lockfiles,
  dependencies,
  toolchain,
  'test-runner': testRunner,
  lint,
  compiler,
  tasks,
  build,
  tools,
  'check-scripts': checkScripts,
  'setup-scripts': setupScripts,
} as const satisfies Readonly<Record<string, ProtectedKind>>;

/** The name of a kind, as the configuration takes it. */
export type ProtectedKindName = keyof typeof protectedKinds;

/** In the order in which a file's kind is looked for. */
// Object.keys tells of strings; these are all of them, since the record is a literal.
export const protectedKindNames = Object.keys(protectedKinds) as readonly ProtectedKindName[];
