import { type EndedPhase, type JobPhase, openPhases } from '@baton/core';
import type { ActivePhase, StepName } from './job-data.js';
import type { StatusLabel } from './labels.js';

/** What follows from where a job is, wherever the engine asks. */
interface PhaseRules<Step extends StepName | null> {
  /** The step that is due. Null: none is. */
  readonly step: Step;
  /** Whether a job sleeps in it until an instant. In any other it is due as soon as nobody is at work on it. */
  readonly sleeps: boolean;
  /** Whether its step works on the change, which the job's time is bounded for. */
  readonly isWork: boolean;
  /** Whether a job in it is looked after while Baton is paused: that costs no turn, no machine and no push. */
  readonly isTended: boolean;
  /** Whether a job in it may have, or come to, a pull request. */
  readonly takesPlace: boolean;
  /** By which label people know it. Null: by none. */
  readonly label: StatusLabel | null;
  /** What people can do, for the comment on the issue. Empty: nothing, but see what comes. */
  readonly advice: string;
}

const begun = {
  sleeps: false,
  isWork: false,
  isTended: false,
  takesPlace: true,
  label: 'working',
  advice: '',
} as const;
const work = { ...begun, isWork: true } as const;
const ended = { ...begun, step: null, sleeps: true, takesPlace: false } as const;

type Phases = Readonly<
  Record<'queued' | ActivePhase, PhaseRules<StepName>> & Record<'waiting' | EndedPhase, PhaseRules<null>>
>;

/** Every phase, and what follows from it: a new one is decided on here before anything compiles. */
export const phases: Phases = {
  queued: { ...begun, step: 'claim', takesPlace: false, label: null },
  claiming: { ...begun, step: 'claim' },
  preparing: { ...work, step: 'prepare' },
  baseline: { ...work, step: 'baseline' },
  working: { ...work, step: 'work' },
  verifying: { ...work, step: 'verify' },
  publishing: { ...begun, step: 'publish' },
  reviewing: {
    ...begun,
    step: 'review',
    sleeps: true,
    isTended: true,
    label: 'review',
    advice: 'review and merge, or close. Baton does neither.',
  },
  settling: { ...begun, step: 'settle', isTended: true, takesPlace: false },
  // What is done for it, and what people can do, goes by what it waits for.
  waiting: { ...begun, step: null, sleeps: true },
  done: { ...ended, label: 'done' },
  failed: { ...ended, label: 'failed' },
  cancelled: { ...ended, label: null },
};

/** Phases in which a job is due as soon as nobody is at work on it. */
export const duePhases: readonly JobPhase[] = openPhases.filter((phase) => !phases[phase].sleeps);
