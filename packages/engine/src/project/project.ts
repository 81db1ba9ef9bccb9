import type {
  CodingAgent,
  Forge,
  Gate,
  Instant,
  IssueQuery,
  IssueSource,
  LeakScanner,
  Permission,
  Sandbox,
  WorkspaceProvider,
} from '@baton/core';
import type { Limits } from './limits.js';
import type { PromptTemplate } from './prompt-template.js';
import type { PolicyFile } from './repository-policy.js';
import type { RequestTemplate } from './request-template.js';

/** What a project may use at most. */
export interface Budget {
  /** In millionths of a US dollar, per UTC day. Null: no limit. */
  readonly microUsdPerDay: number | null;
  /** Jobs of the project that have a pull request open or are on the way to one; past it none is begun. Null: no limit. */
  readonly openPullRequests: number | null;
}

/** Who may set work going. */
export interface Trust {
  /** What the actor must be permitted at least. Default `write`. */
  readonly permission: Permission;
  /**
   * Ids of bots that may, or their logins, which are looked up at the start and pinned to the ids that they have then.
   * A bot that isn't listed may not, whatever its permission.
   */
  readonly bots: readonly string[];
  /** Jobs of the project that are begun on one actor's word within an hour. Past it they wait. Default 10. Null: no limit. */
  readonly perActorPerHour: number | null;
}

/** For which issues an agent is meant. Every part that is given must hold. */
export interface AgentRule {
  /** Every one must be on the issue when it is claimed. Compared without regard to case. */
  readonly labels?: readonly string[];
  /** The size of the issue: characters of title, body and comments together. */
  readonly minCharacters?: number;
  readonly maxCharacters?: number;
}

/** What a project's agents are told beside Baton's own rules and the issue. */
export interface ProjectInstructions {
  /** The operator's own words. They hold as Baton's own rules do. Empty: none. */
  readonly operator: string;
  /**
   * Files of the repository that tell agents how to work on it, in the order in which they are told. Each is read at
   * the commit that a job began on, never from a checkout; one that isn't there is passed over. With `AGENTS.md` among
   * them, those of the folders that an issue names are told as well.
   */
  readonly repositoryFiles: readonly string[];
}

/** An agent, how it is told about to people, and what it is for. */
export interface ProjectAgent {
  readonly agent: CodingAgent;
  /** Null where the agent has none, or chooses by itself. */
  readonly model: string | null;
  /** Default: every issue. One agent of a project at least is for every issue. */
  readonly when?: AgentRule;
  /** What one of its turns may use, where that is less than what the job has left. Default: no less. */
  readonly limits?: Partial<Pick<Limits, 'steps' | 'tokens' | 'microUsd'>>;
  /** The operator's words for this agent alone, told after the project's. Default: none. */
  readonly instructions?: string;
}

/** What commands of a project's jobs may reach beside their checkout. */
export interface ProjectSandbox {
  readonly sandbox: Sandbox;
  readonly network: readonly string[];
  readonly readable: readonly string[];
  readonly maxMemoryBytes: number | null;
  readonly maxProcesses: number | null;
}

/**
 * Whether the tests of a change have to fail without it. `report`: what they show is told. `required`: a person decides
 * where they show nothing. `off`: nobody looks. Labels of issues for which it is required: for others it is told.
 */
export type ProofRule = 'report' | 'required' | 'off' | { readonly requiredFor: readonly string[] };

/** One source of issues, one place where work is handed in, and the rules between them. */
export interface Project {
  /** Stable: stored jobs are found by it. */
  readonly name: string;
  readonly source: IssueSource;
  readonly query: IssueQuery;
  readonly forge: Forge;
  readonly workspaces: WorkspaceProvider;
  /** Tried in order; the first goes first. At least one. */
  readonly agents: readonly [ProjectAgent, ...ProjectAgent[]];
  /** Default: nothing but Baton's own rules. */
  readonly instructions?: ProjectInstructions;
  /** Default: Baton's own prompt. See `createPromptTemplate`. */
  readonly prompt?: PromptTemplate;
  readonly gates: readonly Gate[];
  /** Default: `report`. */
  readonly proof?: ProofRule;
  readonly leakScanner: LeakScanner;
  readonly sandbox: ProjectSandbox;
  readonly limits: Limits;
  /** How the repository's own policy is read, by which jobs are narrowed. Absent: it is not asked. */
  readonly policyFile?: PolicyFile;
  readonly budget: Budget;
  readonly trust: Trust;
  readonly pullRequest: {
    readonly draft: boolean;
    readonly labels: readonly string[];
    /** Path of the template in the repository that is filled in. Null: none. Default: the one that the host takes. */
    readonly template?: string | null;
    /** The operator's own form of titles. Default: the title as it is. */
    readonly title?: RequestTemplate;
    /** The operator's own words below its text, such as a line for a changelog. Default: none. */
    readonly append?: RequestTemplate;
    /** Whether commits are signed off by their author (`Signed-off-by`), as projects ask that have contributors do so. Default: no. */
    readonly signOff?: boolean;
  };
  /**
   * Whether a push, which may start the host's continuous integration with the repository's secrets, is made at once
   * (`run`) or once a person approved just the tree that is pushed, anew in each round (`ask`). Default `run`.
   */
  readonly ci?: 'run' | 'ask';
  /** Jobs of this project at once, by all engines on the store together. Null: no limit of its own. */
  readonly concurrency: number | null;
}

/** Whether something stopped all new work, why, and since when. Survives restarts. */
export interface Pause {
  readonly reason: string | null;
  readonly at: Instant;
}
