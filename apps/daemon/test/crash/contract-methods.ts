import type { AdapterRole } from '@baton/adapter-kit';
import type {
  AgentSession,
  CodingAgent,
  Forge,
  Gate,
  IssueSource,
  JobStore,
  LeakScanner,
  Sandbox,
  Workspace,
  WorkspaceProvider,
} from '@baton/core';

/**
 * What a member of a contract does. `effect`: it changes something that outlives the process, or pays for something.
 * `look`: it only reads. `value`: it is no method.
 */
export type Kind = 'effect' | 'look' | 'value';

/** A member that is missing here doesn't compile: whoever adds one says whether a crash at it has to be tried. */
type Members<Contract> = { readonly [Name in keyof Required<Contract>]: Kind };

/** The contracts by the names that they bear in failpoints. */
export interface Contracts {
  readonly store: JobStore;
  readonly source: IssueSource;
  readonly forge: Forge;
  readonly workspaces: WorkspaceProvider;
  readonly workspace: Workspace;
  readonly agent: CodingAgent;
  readonly session: AgentSession;
  readonly gate: Gate;
  readonly scanner: LeakScanner;
  readonly sandbox: Sandbox;
}

export type ContractName = keyof Contracts;

const adapter = { spec: 'value', id: 'value', diagnose: 'look', close: 'look' } as const;

/** Every member of every contract between the engine and what is outside of it. */
export const contractMethods = {
  store: {
    ...adapter,
    join: 'effect',
    enqueue: 'effect',
    claim: 'effect',
    confirm: 'effect',
    record: 'effect',
    release: 'effect',
    hold: 'effect',
    get: 'look',
    list: 'look',
    journal: 'look',
    signal: 'effect',
    signals: 'look',
    pendingSignals: 'look',
    readFact: 'look',
    writeFact: 'effect',
    reserve: 'effect',
    spent: 'look',
    forgetJournals: 'effect',
  },
  source: {
    ...adapter,
    tracker: 'value',
    poll: 'look',
    find: 'look',
    get: 'look',
    brief: 'look',
    permission: 'look',
    findActor: 'look',
    quotas: 'look',
    ensureComment: 'effect',
    ensureLabels: 'effect',
    ensureAssigned: 'effect',
  },
  forge: {
    ...adapter,
    repository: 'value',
    tracker: 'value',
    limits: 'value',
    pullRequestTemplates: 'value',
    remote: 'look',
    defaultBranch: 'look',
    permission: 'look',
    findActor: 'look',
    ensurePullRequest: 'effect',
    findPullRequests: 'look',
    observe: 'look',
    ensureComment: 'effect',
  },
  workspaces: {
    ...adapter,
    fetch: 'effect',
    readText: 'look',
    readSubjects: 'look',
    open: 'effect',
    list: 'look',
    remove: 'effect',
    measureGrowth: 'look',
    diagnoseRemote: 'look',
    readBranch: 'effect',
    listRefs: 'look',
    readClaim: 'look',
    claimRef: 'effect',
    releaseRef: 'effect',
    rescued: 'look',
    restore: 'effect',
    prune: 'effect',
  },
  workspace: {
    root: 'value',
    scratch: 'value',
    key: 'value',
    baseCommit: 'value',
    reused: 'value',
    exec: 'effect',
    spawn: 'effect',
    readFile: 'look',
    writeFile: 'effect',
    snapshot: 'effect',
    diff: 'look',
    load: 'effect',
    renew: 'effect',
    altered: 'look',
    restored: 'look',
    setupProducts: 'look',
    pathsOf: 'look',
    textOf: 'look',
    compose: 'effect',
    commit: 'effect',
    remoteHead: 'look',
    push: 'effect',
    rescue: 'effect',
    handOver: 'effect',
  },
  agent: { ...adapter, start: 'effect', resume: 'effect' },
  session: { id: 'value', run: 'effect', interject: 'effect', close: 'effect' },
  gate: { ...adapter, baseline: 'effect', cacheKey: 'value', check: 'effect', prove: 'effect' },
  scanner: { ...adapter, scan: 'look' },
  sandbox: { ...adapter, canOverlay: 'look', measure: 'look', spawn: 'effect' },
} as const satisfies { readonly [Name in ContractName]: Members<Contracts[Name]> };

/** A role that an adapter can be wired into is a contract of the table. */
export const roles = {
  source: 'source',
  forge: 'forge',
  agent: 'agent',
  workspaces: 'workspaces',
  store: 'store',
  gate: 'gate',
} as const satisfies { readonly [Role in AdapterRole]: ContractName };

/** `store.record` and all the others that change something, in the order of the table. */
export function listEffects(): readonly string[] {
  return Object.entries(contractMethods).flatMap(([contract, members]) =>
    Object.entries(members).flatMap(([name, kind]) => (kind === 'effect' ? [`${contract}.${name}`] : [])),
  );
}
