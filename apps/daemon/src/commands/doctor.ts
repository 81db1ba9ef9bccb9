import { existsSync } from 'node:fs';
import { type Adapter, type AgentTrial, type Diagnosis, messageOf } from '@baton/core';
import { describeBot, type Project, pinBots } from '@baton/engine';
import type { ProjectConfig } from '../config/config.js';
import { judgeBaseline } from '../policy/judge-baseline.js';
import { renderSandbox } from '../render/render-job.js';
import { escapeLine } from '../text/escape-control.js';
import { renderTable } from '../text/render-table.js';
import { padText } from '../text/text-width.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command, CommandContext } from '../verb/run-command.js';
import { openSession, type Session } from '../wire/open-session.js';
import { checkClaims } from './check-claims.js';

/** One line of the doctor, and where it belongs. */
interface Finding extends Diagnosis {
  readonly subject: string;
  /** A line that isn't `ok` and stops nothing is a warning. */
  readonly severity: 'failure' | 'warning';
}

async function* diagnose(
  subject: string,
  adapter: Adapter<string>,
  signal: AbortSignal,
  trial: AgentTrial = {},
): AsyncGenerator<Finding> {
  if (adapter.diagnose === undefined) return;
  try {
    const options: AgentTrial = { ...trial, signal };
    for await (const found of adapter.diagnose(options)) yield { subject, severity: 'failure', ...found };
  } catch (error) {
    signal.throwIfAborted();
    const detail = messageOf(error);
    yield {
      subject,
      severity: 'failure',
      check: adapter.id,
      ok: false,
      detail,
      fix: `look at the settings of ${adapter.id}`,
    };
  }
}

async function* checkSandbox(session: Session, signal: AbortSignal): AsyncGenerator<Finding> {
  for (const { mode } of new Set(session.config.projects.map(({ sandbox }) => sandbox))) {
    if (mode === 'off') {
      yield {
        subject: 'sandbox',
        severity: 'warning',
        check: 'mode',
        ok: false,
        detail: 'the sandbox is off',
        fix: 'set sandbox.mode to required or best-effort',
      };
      continue;
    }
    const report = await session.services.sandbox(mode).measure({ signal });
    const open = (['files', 'network', 'processes'] as const).filter((kind) => report[kind] === 'open');
    yield {
      subject: 'sandbox',
      severity: mode === 'required' ? 'failure' : 'warning',
      check: mode,
      ok: open.length === 0,
      detail: renderSandbox(report),
      fix:
        open.length === 0
          ? null
          : 'install bubblewrap 0.8 or newer and let this account use user namespaces, or set sandbox.mode to best-effort and live with what is open',
    };
  }
}

/** A listed path that isn't there is left out of every sandbox, without a word. */
function* checkReadable({ name, sandbox }: ProjectConfig): Generator<Finding> {
  for (const path of sandbox.readable.filter((each) => !existsSync(each))) {
    yield {
      subject: name,
      severity: 'warning',
      check: 'sandbox.readable',
      ok: false,
      detail: `${path} isn't there, so no command can read it`,
      fix: 'mend the path, or take it out of the list',
    };
  }
}

/** Looks up and pins the bots that a project trusts, as a start does. One that isn't trusted stops nothing else. */
async function* checkBots(project: Project, session: Session, signal: AbortSignal): AsyncGenerator<Finding> {
  const sources = { project, store: await session.store(), runtime: session.services.runtime };
  for (const lookup of await pinBots(sources, { signal })) {
    const severity = lookup.kind === 'taken' ? 'failure' : 'warning';
    yield { subject: project.name, severity, ...describeBot(lookup) };
  }
}

/** Whether what a job would fetch can be worked: else each of them would tell so, one after another. */
async function* checkRepository({ name, forge, workspaces }: Project, signal: AbortSignal): AsyncGenerator<Finding> {
  if (workspaces.diagnoseRemote === undefined) return;
  const call = { signal };
  const request = await Promise.all([forge.remote(call), forge.defaultBranch(call)]).catch(() => null);
  signal.throwIfAborted();
  // A forge that can't tell them has said so itself.
  if (request === null) return;
  const [remote, branch] = request;
  const subject = `${name} ${workspaces.id}`;
  for await (const found of workspaces.diagnoseRemote({ remote, branch }, call)) {
    yield { subject, severity: 'failure', ...found };
  }
}

/** Of Baton's own gates, what each looks at. */
const ownGates: Readonly<Record<string, (config: ProjectConfig) => string>> = {
  'change-policy': ({ change: { maxFiles, maxLines } }) =>
    `at most ${maxFiles ?? 'any number of'} files and ${maxLines ?? 'any number of'} lines; protected files`,
  'test-loss': () => 'whether tests are gone',
  checks: ({ verify }) => `runs ${verify.commands.map(({ name }) => name).join(', ')}`,
};

/** A line for each gate, in the order in which a change passes them. */
function* checkGates({ name, gates }: Project, config: ProjectConfig): Generator<Finding> {
  const own = gates.length - config.gates.length;
  for (const [index, gate] of gates.entries()) {
    const detail = index < own ? ownGates[gate.id]?.(config) : `${config.gates[index - own]?.use}, after Baton's own`;
    const line = { subject: `${name} ${gate.id}`, severity: 'failure', check: 'gate' } as const;
    yield { ...line, ok: true, detail: detail ?? "one of Baton's own", fix: null };
  }
}

async function* checkProject(
  project: Project,
  session: Session,
  baseline: boolean,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const adapters = new Set<Adapter<string>>([project.source, project.forge, project.workspaces, ...project.gates]);
  for (const adapter of adapters) yield* diagnose(`${project.name} ${adapter.id}`, adapter, signal);
  yield* checkRepository(project, signal);
  const { readable } = project.sandbox;
  for (const { agent } of project.agents) yield* diagnose(`${project.name} ${agent.id}`, agent, signal, { readable });
  const config = session.config.projects.find(({ name }) => name === project.name);
  if (config !== undefined) yield* checkGates(project, config);
  if (config?.verify.commands.length === 0) {
    yield {
      subject: project.name,
      severity: 'warning',
      check: 'verify',
      ok: false,
      detail: 'no command checks the work: pull requests carry no evidence',
      fix: 'name one under verify.commands',
    };
  }
  if (config !== undefined) yield* checkReadable(config);
  yield* checkBots(project, session, signal);
  for await (const found of checkClaims(project, session, signal)) {
    yield { subject: project.name, severity: 'warning', ...found };
  }
  if (config !== undefined) yield describePushes(config);
  if (!baseline) return;
  yield* judgeBaseline(await session.baton(), project.name, config?.verify.knownFailures ?? [], signal);
}

const guided: ReadonlySet<string> = new Set(['github', 'gitlab']);

/** What a host's API doesn't tell without rights that Baton needn't have: the guides say where to look. */
function describePushes({ name, ci, forge }: ProjectConfig): Finding {
  const line = { subject: name, severity: 'warning', check: 'ci' } as const;
  if (ci === 'ask') return { ...line, ok: true, detail: 'every push waits for a person (forge.ci: ask)', fix: null };
  if (forge.use === 'local') return { ...line, ok: true, detail: 'pushes at once (forge.ci: run)', fix: null };
  return {
    ...line,
    ok: false,
    detail: "a push starts the host's CI, with the secrets it gives to branches, before anybody has looked",
    fix: `set forge.ci: ask, or keep the secrets from these branches${guided.has(forge.use) ? `: "What a push starts" in docs/${forge.use}.md` : ''}`,
  };
}

/** Everything that the doctor looks at, line by line. */
export async function* findings(session: Session, baseline: boolean, signal: AbortSignal): AsyncGenerator<Finding> {
  const node = process.versions.node;
  yield { subject: 'node', severity: 'failure', check: 'version', ok: true, detail: node, fix: null };
  yield {
    subject: 'config',
    severity: 'failure',
    check: 'file',
    ok: true,
    detail: `${session.config.file} is valid`,
    fix: null,
  };
  yield* checkSandbox(session, signal);
  yield* diagnose('store', await session.store(), signal);
  const told = new Set<string>();
  for (const project of await session.projects()) {
    for await (const finding of checkProject(project, session, baseline, signal)) {
      const words = JSON.stringify([finding.check, finding.detail, finding.subject]);
      if (!told.has(words)) yield finding;
      told.add(words);
    }
  }
}

function renderFinding({ subject, check, ok, detail, fix, severity }: Finding, { output }: CommandContext): string {
  const { green, yellow, red } = output.colours;
  const mark = ok ? green('✓') : severity === 'warning' ? yellow('!') : red('✗');
  const said = `${escapeLine(check)}: ${escapeLine(detail)}`;
  const told = fix === null || ok ? said : `${said}\nfix: ${escapeLine(fix)}`;
  return renderTable([[`  ${mark} ${padText(escapeLine(subject), 19)}`, told]], output.columns);
}

/** `baton doctor [--baseline]`. Exit 1 where a line fails. */
export const doctor: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openSession(context);
  const found: Finding[] = [];
  for await (const finding of findings(session, input.options['baseline'] === true, signal)) {
    found.push(finding);
    if (output.json === null) output.print(renderFinding(finding, context));
  }
  const failures = found.filter(({ ok, severity }) => !ok && severity === 'failure').length;
  const warnings = found.filter(({ ok, severity }) => !ok && severity === 'warning').length;
  const passes = found.length - failures - warnings;
  if (output.json !== null) {
    output.printJson({ schema: 'baton.doctor/v1', passes, warnings, failures, items: found });
  } else {
    output.print(
      `  ${passes} pass · ${warnings} ${warnings === 1 ? 'warning' : 'warnings'} · ${failures} ${failures === 1 ? 'failure' : 'failures'}`,
    );
  }
  return failures === 0 ? exitCodes.ok : exitCodes.failure;
};
