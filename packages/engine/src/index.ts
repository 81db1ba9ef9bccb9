export type { Baton, BatonOptions, ProjectSettings, StopMode } from './baton.js';
export { listOtherClaims, type StandingClaim } from './branches/standing-claims.js';
export { createBaton } from './create-baton.js';
export type { PersonsWord } from './decide/persons-word.js';
export type { EligibilityCheck, Verdict } from './eligibility/eligibility.js';
export { readPause, writePause } from './eligibility/pause.js';
export type { Explanation, Plan } from './intake/explain.js';
export type { Leftover, Survey, SurveyedIssue } from './intake/leftovers.js';
export { readPollAnswer, requestPoll } from './intake/poll-requests.js';
export type { CheckFigures, RunFigures } from './job/check-figures.js';
export type { BatonEvent } from './job/engine-event.js';
export { duePhases } from './job/phases.js';
export type { ProofFigures } from './job/proof-figures.js';
export type { Asker, Refusal, Refusals } from './job/refusals.js';
export { textHashDigits } from './job/told-text.js';
export { asksPerson } from './job/wait-reasons.js';
export { type BasePolicy, readBasePolicy } from './policy/base-policy.js';
export type { FoundPolicy } from './policy/read-policy.js';
export { defaultLimits, type Limits } from './project/limits.js';
export { narrow } from './project/narrow.js';
export type {
  AgentRule,
  Budget,
  Pause,
  Project,
  ProjectAgent,
  ProjectInstructions,
  ProjectSandbox,
  ProofRule,
  Trust,
} from './project/project.js';
export type { PromptTemplate, PromptVariables } from './project/prompt-template.js';
export type { PolicyFile, RepositoryPolicy } from './project/repository-policy.js';
export type { RequestTemplate } from './project/request-template.js';
export type { DiffOptions, JobDiff } from './queries/job-diff.js';
export type { BaselineMeasurement } from './queries/measure-baseline.js';
export type { Queries } from './queries/queries.js';
export { describeFailures, describeRun, verdictOf } from './render/describe-check.js';
export { describeProof, describeUnshown } from './render/describe-proof.js';
export { describeRefusals } from './render/describe-refusals.js';
export { createPromptTemplate } from './render/prompt-template.js';
export { createRequestTemplate, type RequestPart } from './render/request-template.js';
export { renderTimeline } from './render/timeline.js';
export type { DiskOptions, DiskReserve } from './run/disk-watch.js';
export type { BotPin, PollResult } from './store/facts.js';
export { peekStoreIdentity } from './store/store-identity.js';
export { type BotLookup, type BotSources, describeBot, pinBots, readBotPins } from './trust/bot-pins.js';
export type { JobView, TimelineLine } from './view/job-view.js';
export { viewJob } from './view/view-job.js';
