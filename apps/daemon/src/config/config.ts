import type { AdapterSettings, BatonError, ModelPrice } from '@baton/core';
import type { Budget, Limits, Project, ProjectAgent, ProofRule, RequestPart, Trust } from '@baton/engine';
import type { OnProtected, OnProtectedByKind } from '@baton/gates';
import type { ConfigDocument } from './config-document.js';
import type { KeyPath } from './config-problem.js';

/** An adapter that the file names, and what stands beside `use`. */
export interface AdapterChoice {
  readonly use: string;
  readonly settings: AdapterSettings;
  /** Where it stands, so that its own complaints can be told with a line. */
  readonly path: KeyPath;
}

/** One command of `verify.commands`. */
export interface CheckCommand {
  readonly name: string;
  readonly run: string;
  readonly timeoutMs: number;
  /** The name of a command above it that builds what it needs, or null. */
  readonly after: string | null;
  /** A JUnit file below the checkout, `tap`, or null. */
  readonly report: string | null;
}

/** How much confinement a project insists on. */
export type SandboxMode = 'required' | 'best-effort' | 'off';

/** What an operator tells agents. */
export interface OperatorInstructions {
  readonly text: string | null;
  /** Absolute. A file that holds more. */
  readonly file: string | null;
}

/** One project of the file, with defaults filled in. */
export interface ProjectConfig {
  readonly name: string;
  readonly source: AdapterChoice;
  readonly query: {
    readonly labels: readonly string[];
    readonly excludeLabels: readonly string[];
    readonly assignee: string | null;
  };
  readonly forge: AdapterChoice;
  readonly ci: NonNullable<Project['ci']>;
  readonly workspace: AdapterChoice;
  readonly agents: readonly [ProjectAgentChoice, ...ProjectAgentChoice[]];
  /** `repository`: files of the repository that agents are told. */
  readonly instructions: OperatorInstructions & { readonly repository: readonly string[] };
  /** Absolute. The operator's own template for prompts. */
  readonly prompt: string | null;
  /** Looked at after Baton's own, in this order. */
  readonly gates: readonly AdapterChoice[];
  readonly verify: {
    readonly commands: readonly CheckCommand[];
    readonly baseline: boolean;
    readonly flakeRetries: number;
    readonly knownFailures: readonly string[];
    /** Absent: by the conventions of each language. */
    readonly tests?: readonly string[];
    readonly proof: ProofRule;
  };
  readonly change: {
    readonly maxFiles: number | null;
    readonly maxLines: number | null;
    readonly protectedPaths: readonly string[];
    readonly onProtected: OnProtected | OnProtectedByKind;
  };
  readonly limits: Limits;
  readonly budget: Budget;
  readonly trust: Trust;
  readonly pullRequest: Omit<Project['pullRequest'], RequestPart> & Readonly<Partial<Record<RequestPart, string>>>;
  readonly sandbox: {
    readonly mode: SandboxMode;
    readonly network: readonly string[];
    readonly readable: readonly string[];
    readonly maxMemoryBytes: number | null;
    readonly maxProcesses: number | null;
  };
  readonly concurrency: number | null;
}

/** An agent, the model that people are told of, and what it is for. */
export type ProjectAgentChoice = AdapterChoice &
  Omit<ProjectAgent, 'agent' | 'instructions'> & { readonly instructions: OperatorInstructions };

/** A project that can't be used, where others can. */
export interface BrokenProject {
  /** As the file says, or where it stands in the file. */
  readonly name: string;
  /** All that is wrong with it, and how it is mended. */
  readonly problem: BatonError<'CONFIG_INVALID'>;
}

/** A configuration file that holds, with defaults filled in. Durations are milliseconds, money millionths of a dollar. */
export interface Config {
  /** Absolute. */
  readonly file: string;
  /** Of the file: relative paths in it are relative to this. */
  readonly directory: string;
  /** Absolute. The file itself, adapters that it names by path, and what it has agents told: all that is done by its word. */
  readonly controls: readonly string[];
  /** Absolute. Database, vaults, worktrees. */
  readonly state: string;
  readonly store: AdapterChoice;
  readonly pollIntervalMs: number;
  /** Jobs that this daemon works at once. */
  readonly concurrency: number;
  /** Jobs at once over all daemons on the store. Null: no limit. */
  readonly totalConcurrency: number | null;
  /** Bytes that stay free on the disk of the state. Null: nobody looks. */
  readonly minFreeDisk: number | null;
  /** Author and committer of what is handed in. */
  readonly commit: { readonly author: { readonly name: string; readonly email: string } };
  readonly projects: readonly [ProjectConfig, ...ProjectConfig[]];
  /** Those that are left out, because they are not in order. Empty, unless a configuration was asked for without them. */
  readonly broken: readonly BrokenProject[];
  /** By model. */
  readonly prices: Readonly<Record<string, ModelPrice>>;
  /** The same as the file spells it, defaults included: for `config print`. */
  readonly effective: unknown;
  /** Where each value stands in the file. */
  readonly document: ConfigDocument;
}
