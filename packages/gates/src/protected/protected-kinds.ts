import { agentInstructions } from './kinds/agent-instructions.js';
import { build } from './kinds/build.js';
import { checkScripts } from './kinds/check-scripts.js';
import { ci } from './kinds/ci.js';
import { compiler } from './kinds/compiler.js';
import { container } from './kinds/container.js';
import { dependencies } from './kinds/dependencies.js';
import { editor } from './kinds/editor.js';
import { environment } from './kinds/environment.js';
import { git } from './kinds/git.js';
import { hooks } from './kinds/hooks.js';
import { lint } from './kinds/lint.js';
import { lockfiles } from './kinds/lockfiles.js';
import { owners } from './kinds/owners.js';
import { packageManager } from './kinds/package-manager.js';
import type { ProtectedKind } from './kinds/protected-kind.js';
import { setupScripts } from './kinds/setup-scripts.js';
import { tasks } from './kinds/tasks.js';
import { testRunner } from './kinds/test-runner.js';
import { toolchain } from './kinds/toolchain.js';
import { tools } from './kinds/tools.js';

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
