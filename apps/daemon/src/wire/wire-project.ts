import { BatonError, type Gate, type WorkspaceProvider } from '@baton/core';
import type { Project, ProjectAgent } from '@baton/engine';
import type { AdapterChoice, ProjectConfig } from '../config/config.js';
import type { Complain } from '../config/config-problem.js';
import { createPolicyFile } from '../policy/policy-file.js';
import { type Connector, parseSetting } from './connect-adapter.js';
import { maskAgent, maskForge, maskSource } from './masked-adapters.js';
import type { ProcessServices } from './process-services.js';
import { wireTexts } from './wire-texts.js';

/** What prepares a workspace, as `setup.run` of its settings has it; nothing where they have none. */
function setupOf({ settings: { setup } }: AdapterChoice): readonly string[] {
  if (typeof setup !== 'object' || setup === null || !('run' in setup)) return [];
  return typeof setup.run === 'string' ? [setup.run] : [];
}

async function gatesOf(
  { change, verify, workspace }: ProjectConfig,
  controls: readonly string[],
  mask: (text: string) => string,
): Promise<readonly Gate[]> {
  const { createChangePolicyGate, createCheckGate, createTestLossGate } = await import('@baton/gates');
  const policy = createChangePolicyGate({
    ...change,
    ...(verify.tests !== undefined && { tests: verify.tests }),
    controls,
    commands: { checks: verify.commands.map(({ run }) => run), setup: setupOf(workspace) },
    maxFiles: change.maxFiles ?? Number.MAX_SAFE_INTEGER,
    maxLines: change.maxLines ?? Number.MAX_SAFE_INTEGER,
  });
  // A report tells of tests that are gone; an exit code doesn't.
  const isTold = verify.commands.length > 0 && verify.commands.every(({ report }) => report !== null);
  const looks = isTold ? [policy] : [policy, createTestLossGate(verify.tests)];
  if (verify.commands.length === 0) return looks;
  const commands = verify.commands.map(({ report, after, ...command }) => ({
    ...command,
    ...(report !== null && { report }),
    ...(after !== null && { after }),
  }));
  const { baseline, flakeRetries, knownFailures } = verify;
  return [...looks, createCheckGate({ commands, baseline, flakeRetries, knownFailures, mask })];
}

/** The same; null where its settings can't be meant so: each is then told where it stands. */
async function tryGatesOf(
  config: ProjectConfig,
  { controls, services, complain }: ProjectWiring,
): Promise<readonly Gate[] | null> {
  try {
    return await gatesOf(config, controls, services.secrets.mask);
  } catch (error) {
    if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
    const { setting } = error.details;
    const place = setting.startsWith('commands') ? 'verify' : 'change';
    const keys = parseSetting(setting.replace(/timeoutMs$/, 'timeout'));
    const path = [...config.source.path.slice(0, -1), place, ...keys];
    complain(path, { message: error.message.replace(/\.$/, ''), fix: error.fix ?? `mend ${setting}` });
    return null;
  }
}

/** What a project is wired with. */
export interface ProjectWiring {
  readonly connector: Connector;
  readonly services: ProcessServices;
  /** Files that decide what runs here, as paths in the checkout that holds the configuration. */
  readonly controls: readonly string[];
  /** Is told what can't be wired though each adapter can. */
  readonly complain: Complain;
}

/** A project as the engine takes it; null where an adapter can't be wired: the connector then knows why. */
export async function wireProject(config: ProjectConfig, wiring: ProjectWiring): Promise<Project | null> {
  const { connector, services, complain } = wiring;
  const source = await connector.connect(config.source, 'source');
  const forge = await connector.connect(config.forge, 'forge', config.source);
  const workspaces: WorkspaceProvider | null = await connector.connect(config.workspace, 'workspaces');
  const agents: ProjectAgent[] = [];
  const texts = await wireTexts(config, complain);
  for (const [index, choice] of config.agents.entries()) {
    const agent = await connector.connect(choice, 'agent');
    if (agent === null) continue;
    if (agents.some((other) => other.agent.id === agent.id)) {
      complain([...choice.path, 'use'], {
        message: `an agent above is called ${agent.id} already: what becomes of one would be taken for the other's`,
        fix: 'give each an id of its own',
      });
      continue;
    }
    const { model, when, limits } = choice;
    agents.push({
      agent: maskAgent(agent, services.secrets.mask),
      model,
      ...(when && { when }),
      ...(limits && { limits }),
      instructions: texts.forAgents[index] ?? '',
    });
  }
  const gates: Gate[] = [];
  for (const choice of config.gates) {
    const gate = await connector.connect(choice, 'gate');
    if (gate !== null) gates.push(gate);
  }
  const ownGates = await tryGatesOf(config, wiring);
  const [first, ...rest] = agents;
  if (source === null || forge === null || workspaces === null || ownGates === null) return null;
  if (first === undefined || agents.length !== config.agents.length || gates.length !== config.gates.length)
    return null;
  // Loaded here, because it is large and most verbs wire no project.
  const { createLeakScanner } = await import('@baton/gates');
  const { network, readable, maxMemoryBytes, maxProcesses, mode } = config.sandbox;
  return {
    name: config.name,
    source: maskSource(source, services.secrets.mask),
    query: config.query,
    forge: maskForge(forge, services.secrets.mask),
    workspaces,
    agents: [first, ...rest],
    ...texts.project,
    gates: [...ownGates, ...gates],
    leakScanner: createLeakScanner({ secrets: () => services.secrets.values() }),
    sandbox: {
      sandbox: services.sandbox(mode),
      network,
      readable: [...new Set([...services.readable, ...readable])],
      maxMemoryBytes,
      maxProcesses,
    },
    proof: config.verify.proof,
    limits: config.limits,
    policyFile: createPolicyFile(config, services.secrets.mask),
    budget: config.budget,
    trust: config.trust,
    ci: config.ci,
    concurrency: config.concurrency,
  };
}
