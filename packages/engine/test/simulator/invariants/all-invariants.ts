import { answersHeard } from './answers-heard.js';
import { checksOfHead } from './checks-of-head.js';
import { choicesStand } from './choices-stand.js';
import { claimsFreed } from './claims-freed.js';
import { comesToRest } from './comes-to-rest.js';
import { countersGrow } from './counters-grow.js';
import { endsExplained } from './ends-explained.js';
import type { Invariant } from './invariant.js';
import { journalExplains } from './journal-explains.js';
import { moneyCapped } from './money-capped.js';
import { moneyCounted } from './money-counted.js';
import { moneyLeft } from './money-left.js';
import { nothingLost } from './nothing-lost.js';
import { oneComment } from './one-comment.js';
import { onePoller } from './one-poller.js';
import { onePullRequest } from './one-pull-request.js';
import { oneTurn } from './one-turn.js';
import { oneWorker } from './one-worker.js';
import { onlyJudged } from './only-judged.js';
import { roundsAsked } from './rounds-asked.js';
import { staysEnded } from './stays-ended.js';
import { strangersUnheard } from './strangers-unheard.js';
import { timeCounted } from './time-counted.js';
import { turnsKept } from './turns-kept.js';
import { waitsExplained } from './waits-explained.js';
import { withinLimits } from './within-limits.js';

/** Everything that holds whatever happens, by name. */
export const invariants = {
  'one-pull-request': onePullRequest,
  'one-worker': oneWorker,
  'one-poller': onePoller,
  'one-turn': oneTurn,
  'turns-kept': turnsKept,
  'nothing-lost': nothingLost,
  'only-judged': onlyJudged,
  'claims-freed': claimsFreed,
  'ends-explained': endsExplained,
  'stays-ended': staysEnded,
  'waits-explained': waitsExplained,
  'comes-to-rest': comesToRest,
  'money-counted': moneyCounted,
  'money-capped': moneyCapped,
  'money-left': moneyLeft,
  'time-counted': timeCounted,
  'counters-grow': countersGrow,
  'journal-explains': journalExplains,
  'choices-stand': choicesStand,
  'answers-heard': answersHeard,
  'one-comment': oneComment,
  'strangers-unheard': strangersUnheard,
  'within-limits': withinLimits,
  'checks-of-head': checksOfHead,
  'rounds-asked': roundsAsked,
} as const satisfies Readonly<Record<string, Invariant>>;

/** The name of one of them. */
export type InvariantName = keyof typeof invariants;
