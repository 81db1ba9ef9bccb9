export type { Baton, BatonOptions, ProjectSettings, StopMode } from './baton.js';
export { createBaton } from './create-baton.js';
export type { EligibilityCheck, Verdict } from './eligibility/eligibility.js';
export { readPause, writePause } from './eligibility/pause.js';
export type { Explanation, Plan } from './intake/explain.js';
export type { Leftover, Survey, SurveyedIssue } from './intake/leftovers.js';
export { readPollAnswer, requestPoll } from './intake/poll-requests.js';
export type { CheckFigures, RunFigures } from './job/check-figures.js';
export type { BatonEvent } from './job/engine-event.js';
export { duePhases } from './job/phases.js';
export type { Asker, Refusal, Refusals } from './job/refusals.js';
export { textHashDigits } from './job/told-text.js';
export { asksPerson } from './job/wait-reasons.js';
export { type BasePolicy, readBasePolicy } from './policy/base-policy.js';
export type { FoundPolicy } from './policy/read-policy.js';
export {
  type AgentRule,
  type Budget,
  defaultLimits,
  type Limits,
  type Pause,
  type Project,
  type ProjectAgent,
  type ProjectSandbox,
  type Trust,
} from './project/project.js';
export { narrow, type PolicyFile, type RepositoryPolicy } from './project/repository-policy.js';
export type { DiffOptions, JobDiff } from './queries/job-diff.js';
export type { BaselineMeasurement } from './queries/measure-baseline.js';
export type { Queries } from './queries/queries.js';
export { describeFailures, describeRun, verdictOf } from './render/describe-check.js';
export { describeRefusals } from './render/describe-refusals.js';
export { renderTimeline } from './render/timeline.js';
export type { DiskOptions } from './run/disk-watch.js';
export type { BotPin, PollResult } from './store/facts.js';
export { type BotLookup, type BotSources, describeBot, pinBots, readBotPins } from './trust/bot-pins.js';
export type { JobView, TimelineLine } from './view/job-view.js';
export { viewJob } from './view/view-job.js';
