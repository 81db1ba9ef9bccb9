export type { Adapter, CallOptions, Cursor, Diagnosis, Mapped } from './adapter.js';
export type { AdapterHost, AdapterSettings, ModelPrice } from './adapter-host.js';
export type {
  AgentEvent,
  AgentLimits,
  AgentResumeState,
  AgentSession,
  AgentStart,
  AgentTrial,
  AgentUsage,
  CodingAgent,
  RefusedRequest,
  TurnEnd,
  TurnOutcome,
} from './coding-agent.js';
export type { Command, CommandResult, RunningCommand } from './command.js';
export type { BatonErrorCode, BatonErrorDetails, BatonErrorInit } from './errors.js';
export { BatonError, messageOf } from './errors.js';
export type {
  CheckSummary,
  EnsuredPullRequest,
  Feedback,
  Forge,
  Observation,
  PullRequest,
  PullRequestRequest,
} from './forge.js';
export {
  describeCost,
  formatBytes,
  formatCost,
  formatDuration,
  formatMoney,
  formatTokens,
  formatUsage,
  plural,
} from './format.js';
export type {
  CheckEvidence,
  CheckProof,
  CheckRun,
  Gate,
  GateInput,
  GateResult,
  Leak,
  LeakScanner,
  OutgoingText,
  OutputSummary,
  ProofInput,
  ShownTest,
  TestResult,
  UnshownReason,
} from './gate.js';
export type { Actor, Issue, Permission } from './issue.js';
export type { Brief, HostQuota, IssueComment, IssuePage, IssueQuery, IssueSource } from './issue-source.js';
export type {
  Amount,
  EndedPhase,
  Job,
  JobLease,
  JobOutcome,
  JobPhase,
  JobState,
  JournalEntry,
  Signal,
  WaitReason,
} from './job.js';
export { endedPhases, isEnded, openPhases } from './job.js';
export type {
  ClaimCaps,
  ClaimRequest,
  EnqueueRequest,
  JobChange,
  JobQuery,
  JobStore,
  Settlement,
} from './job-store.js';
export type { JsonValue } from './json.js';
export { jobMarker, jobOf, topicMarker, topicOf } from './marker.js';
export type { Clock, Instant, Runtime } from './runtime.js';
export type { Enforcement, Overlay, RefusedConnection, Sandbox, SandboxPolicy, SandboxReport } from './sandbox.js';
export type {
  Change,
  CommitRequest,
  GitRemote,
  OutdatedCopy,
  SetupProducts,
  VerifyCheckout,
  Workspace,
  WorkspaceKey,
  WorkspaceView,
} from './workspace.js';
export type {
  BranchHistory,
  JudgedCopy,
  PruneRequest,
  RefClaim,
  RemoveOptions,
  RescuedWork,
  RestoreRequest,
  WorkspaceProvider,
  WorkspaceRequest,
} from './workspace-provider.js';
