import { parseDuration } from '@baton/adapter-kit';
import type { Command } from '../verb/run-command.js';

/** Reads the value of an option. */
interface OptionReader {
  /** What it reads, to stand behind "It takes": `a number`. */
  readonly takes: string;
  /** Turns what was typed into the value; null: it can't be meant so. */
  readonly parse: (typed: string) => number | null;
}

/** One option of a verb, in commander's spelling. */
export interface VerbOption {
  readonly flags: string;
  readonly description: string;
  /** Absent: what was typed is the value. */
  readonly reader?: OptionReader;
  readonly choices?: readonly string[];
  readonly required?: boolean;
}

/** One verb: what the command line knows of it. Its code is loaded when it is called. */
export interface Verb {
  /** `config print` is a verb of two words. */
  readonly name: string;
  /** In commander's spelling: `<job>`, `[job]`. */
  readonly argument?: string;
  readonly summary: string;
  readonly options?: readonly VerbOption[];
  readonly load: () => Promise<Command>;
}

const duration: OptionReader = {
  takes: 'a duration such as 30s, 45m or 180d',
  parse: (typed) => parseDuration(/^\d+$/.test(typed) ? Number(typed) : typed),
};
const count: OptionReader = {
  takes: 'a whole number, 1 at least',
  parse: (typed) => (/^[1-9]\d*$/.test(typed) ? Number(typed) : null),
};
const money: OptionReader = {
  takes: 'an amount of dollars above 0, such as 2.50',
  parse: (typed) => (/^\d+(\.\d+)?$/.test(typed) && Number(typed) > 0 ? Number(typed) : null),
};

const project: VerbOption = { flags: '--project <name>', description: 'only this project' };
const message: VerbOption = { flags: '-m, --message <text>', description: 'what to tell the agent and the issue' };

/** Every verb, in the order of `baton --help`. */
export const verbs: readonly Verb[] = [
  {
    name: 'init',
    summary: 'look at this repository and write baton.config.yaml',
    options: [
      { flags: '--yes', description: 'write without asking' },
      { flags: '--force', description: 'write over a file that is there' },
      { flags: '--agent <use>', description: 'agent: an adapter, or "command"' },
      {
        flags: '--agent-run <command>',
        description: 'with --agent command: the program; it reads the prompt on stdin',
      },
      { flags: '--agent-file <file>', description: 'with --agent scripted: the file of steps' },
      { flags: '--label <label>', description: 'label that hands an issue over (default: baton)' },
      { flags: '--check <command>', description: 'command that must stay green' },
      { flags: '--remote <address>', description: 'git address to push to (default: origin)' },
    ],
    load: async () => (await import('../commands/init.js')).init,
  },
  {
    name: 'doctor',
    summary: 'check git, sandbox, adapters and access; each failing line says how to mend it',
    options: [{ flags: '--baseline', description: 'also run the checks on the base branch' }],
    load: async () => (await import('../commands/doctor.js')).doctor,
  },
  {
    name: 'start',
    summary: 'run the daemon until SIGTERM or SIGINT (first: drain, second: at once)',
    options: [{ flags: '--once', description: 'one poll, work everything due to its next wait, exit' }],
    load: async () => (await import('../commands/start.js')).start,
  },
  {
    name: 'plan',
    summary: 'what the next tick would do, and why; writes nothing',
    load: async () => (await import('../commands/plan.js')).plan,
  },
  {
    name: 'poll',
    summary: 'have the running daemon poll every project now, and tell what came of it',
    options: [{ flags: '--timeout <duration>', description: 'wait so long (default: 60s)', reader: duration }],
    load: async () => (await import('../commands/poll.js')).poll,
  },
  {
    name: 'run',
    argument: '<issue>',
    summary: 'work one issue in the foreground, to its next wait or its end',
    options: [
      project,
      { flags: '--agent <use>', description: 'only this one of the configured agents' },
      {
        flags: '--max-cost <usd>',
        description: 'spend at most so much; a job that has begun keeps its limit',
        reader: money,
      },
      { flags: '--no-publish', description: 'let a green result wait for `baton approve`; nothing leaves the machine' },
      { flags: '--keep', description: 'leave the checkout that the agent worked in, and say where it is' },
    ],
    load: async () => (await import('../commands/run.js')).run,
  },
  {
    name: 'status',
    summary: 'what is going on: jobs, spend, pause, sandbox as measured',
    load: async () => (await import('../commands/status.js')).status,
  },
  {
    name: 'list',
    summary: 'jobs, newest first',
    options: [
      { flags: '--all', description: 'ended ones too' },
      project,
      { flags: '--phase <phases>', description: 'only these phases, separated by commas' },
      { flags: '--limit <n>', description: 'at most so many (default: 50)', reader: count },
    ],
    load: async () => (await import('../commands/list.js')).list,
  },
  {
    name: 'show',
    argument: '<job>',
    summary: 'one job: outcome, evidence, pull request, cost, timeline',
    options: [
      { flags: '--diff', description: 'print the diff of its work' },
      { flags: '--exit-code', description: 'exit as the job stands' },
    ],
    load: async () => (await import('../commands/show.js')).show,
  },
  {
    name: 'logs',
    argument: '[job]',
    summary: 'the stories of jobs, from the journal',
    options: [{ flags: '-f, --follow', description: 'go on as it happens' }],
    load: async () => (await import('../commands/logs.js')).logs,
  },
  {
    name: 'explain',
    argument: '<issue>',
    summary: 'every check that decides whether an issue runs, and what would turn it',
    options: [project],
    load: async () => (await import('../commands/explain.js')).explain,
  },
  {
    name: 'cancel',
    argument: '<job>',
    summary: 'end a job',
    load: async () => (await import('../commands/signals/cancel.js')).cancel,
  },
  {
    name: 'approve',
    argument: '<job>',
    summary: 'say yes to what a job waits for: the text or the change that `baton show` tells',
    options: [
      message,
      {
        flags: '--seen <hash>',
        description:
          'which text or change, as `baton show` tells it; may be left out for a change (default: the present)',
      },
    ],
    load: async () => (await import('../commands/signals/approve.js')).approve,
  },
  {
    name: 'reject',
    argument: '<job>',
    summary: 'say no to what a job waits for',
    options: [message],
    load: async () => (await import('../commands/signals/reject.js')).reject,
  },
  {
    name: 'steer',
    argument: '<job>',
    summary: 'tell the agent something; a waiting job goes on with it',
    options: [{ ...message, required: true }],
    load: async () => (await import('../commands/signals/steer.js')).steer,
  },
  {
    name: 'retry',
    argument: '<job>',
    summary: 'make a job that follows an ended one, from a clean base',
    options: [
      { flags: '--fresh', description: 'on a branch of its own too; refused while the earlier pull request is open' },
    ],
    load: async () => (await import('../commands/signals/retry.js')).retry,
  },
  {
    name: 'pause',
    summary: 'begin no new work, over restarts',
    options: [{ flags: '--reason <text>', description: 'told by status and explain' }],
    load: async () => (await import('../commands/pause.js')).pause,
  },
  { name: 'resume', summary: 'end a pause', load: async () => (await import('../commands/resume.js')).resume },
  {
    name: 'wait',
    argument: '<job>',
    summary: 'wait until the pull request of a job stands, or nothing more will come',
    options: [
      { flags: '--for <what>', description: 'pr (default) or end', choices: ['pr', 'end'] },
      { flags: '--timeout <duration>', description: 'give up after so long: 30s, 45m', reader: duration },
    ],
    load: async () => (await import('../commands/wait.js')).wait,
  },
  {
    name: 'rescue list',
    summary: 'work that never reached a pull request',
    load: async () => (await import('../commands/rescue/list.js')).rescueList,
  },
  {
    name: 'rescue restore',
    argument: '<job>',
    summary: 'bring rescued work into a repository, as the branch baton/rescue/<job>',
    options: [
      { flags: '--into <directory>', description: 'a checkout or bare repository (default: the one around here)' },
      { flags: '--checkout', description: 'switch to the branch; without it no file is touched' },
    ],
    load: async () => (await import('../commands/rescue/restore.js')).rescueRestore,
  },
  {
    name: 'recover',
    summary: 'after a store was lost: what the next start takes up again from the hosts, and as what',
    options: [
      {
        flags: '--yes',
        description: 'store its jobs now, and set a store aside that cannot be read; nothing is worked',
      },
    ],
    load: async () => (await import('../commands/recover.js')).recover,
  },
  {
    name: 'report',
    summary: 'outcomes, success rate and cost',
    options: [
      {
        flags: '--by <what>',
        description: 'project (default), agent, model or label',
        choices: ['project', 'agent', 'model', 'label'],
      },
      { flags: '--since <duration>', description: 'only jobs that changed since: 7d, 24h', reader: duration },
    ],
    load: async () => (await import('../commands/report.js')).report,
  },
  {
    name: 'audit',
    argument: '<job>',
    summary: 'every decision and external write of a job, from its journal',
    load: async () => (await import('../commands/audit.js')).audit,
  },
  {
    name: 'support',
    summary: 'what to send with a fault: kinds, codes and counts; no texts, names, paths or code',
    load: async () => (await import('../commands/support.js')).support,
  },
  {
    name: 'config validate',
    summary: 'check the configuration file and wire everything in it',
    load: async () => (await import('../commands/config/validate.js')).configValidate,
  },
  {
    name: 'config print',
    summary: 'the configuration in force, defaults included; secrets masked',
    options: [{ flags: '--sources', description: 'where each value comes from' }],
    load: async () => (await import('../commands/config/print.js')).configPrint,
  },
  {
    name: 'config accept',
    summary: 'use the file although Baton itself has changed it; look at it first',
    load: async () => (await import('../commands/config/accept.js')).configAccept,
  },
  {
    name: 'config schema',
    summary: 'the JSON Schema of the configuration file',
    load: async () => (await import('../commands/config/schema.js')).configSchemaCommand,
  },
  {
    name: 'gc',
    summary:
      'remove worktrees of ended jobs, and vaults that nothing needs any more; what was not pushed is rescued first',
    options: [
      { flags: '--dry-run', description: 'say what would go' },
      {
        flags: '--unknown',
        description: 'also worktrees of jobs that this store does not know, as after one was lost; no daemon may run',
      },
      {
        flags: '--journals <age>',
        description: 'also the journals of jobs that ended so long ago (180d); what they came to stays',
        reader: duration,
      },
    ],
    load: async () => (await import('../commands/gc.js')).gc,
  },
  {
    name: 'demo',
    summary: 'work three issues of a small repository end to end, in a scratch folder',
    options: [
      { flags: '--dir <directory>', description: 'where; it must not exist or be empty' },
      {
        flags: '--forge <name>',
        description:
          'local (default: a folder), github or gitlab (served on loopback while it runs, no account needed)',
      },
      { flags: '--agent <use>', description: 'agent (default: scripted)' },
      {
        flags: '--agent-run <command>',
        description: 'with --agent command: the program; it reads the prompt on stdin',
      },
      { flags: '--model <model>', description: 'model of the agent' },
    ],
    load: async () => (await import('../commands/demo.js')).demo,
  },
];
