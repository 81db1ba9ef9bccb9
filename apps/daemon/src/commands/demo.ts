import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type JobView, renderTimeline, viewJob } from '@baton/engine';
import { createKnownSecrets } from '../config/known-secrets.js';
import { createDemo, type Demo, type DemoAgent, readDemoDiff } from '../demo/create-demo.js';
import { type DemoHost, readDemoForge } from '../demo/demo-host.js';
import { mapJobJson } from '../render/job-json.js';
import { jobState } from '../render/job-standing.js';
import { renderEvidence, renderSandbox, renderTimelineLines } from '../render/render-job.js';
import { workOnce } from '../running/work-once.js';
import { escapeLine, escapeText } from '../text/escape-control.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command, CommandContext, CommandInput } from '../verb/run-command.js';
import { openSession, type Session } from '../wire/open-session.js';

function agentOf({ options }: CommandInput): DemoAgent {
  const { agent, agentRun, model } = options;
  const use = typeof agent === 'string' ? agent : 'scripted';
  return {
    use,
    ...(use === 'scripted' ? { file: './steps.yaml' } : {}),
    ...(typeof agentRun === 'string' ? { run: agentRun } : {}),
    ...(typeof model === 'string' ? { model } : {}),
  };
}

const isGreen = (view: JobView): boolean =>
  view.checks.length > 0 && view.checks.every(({ head }) => head !== null && head.exitCode === 0);

const isHandedIn = (view: JobView): boolean => view.pullRequest?.state === 'open' && isGreen(view);

/** Whether everything ended as the scripted agent's steps have it: two handed in, the third waiting for an answer. */
function endedAsPlanned(views: readonly JobView[], keys: readonly string[], scripted: boolean): boolean {
  const byKey = (key: string): JobView | undefined => views.find(({ issue }) => issue.key === key);
  const [first, second, third] = keys.map(byKey);
  if (first === undefined || second === undefined || third === undefined) return false;
  // Another agent may well do the third one too.
  const thirdIsWell =
    third.wait === 'needs-person' || (!scripted && (isHandedIn(third) || third.outcome === 'no-changes'));
  return isHandedIn(first) && isHandedIn(second) && thirdIsWell;
}

async function tellJob(view: JobView, session: Session, demo: Demo, context: CommandContext): Promise<void> {
  const { output } = context;
  const { bold, dim } = output.colours;
  const store = await session.store();
  const timeline = renderTimeline(await Array.fromAsync(store.journal(view.id, 0)));
  output.print(`\n${bold(`${view.issue.key}  ${escapeLine(view.issue.title)}`)}    ${jobState(view)}`);
  output.print(renderTimelineLines(timeline, output.colours));
  if (view.reason !== null) output.print(`${dim('why')}  ${escapeLine(view.reason)}`);
  if (view.pullRequest !== null) {
    output.print(`\n${dim('pull request')}  ${escapeLine(view.pullRequest.url)}`);
    output.print(`\n${dim('evidence')}\n${renderEvidence(view, output.colours)}`);
    if (view.base !== null && view.head !== null) {
      output.print(`\n${dim('diff')}\n${escapeText(await readDemoDiff(demo, view.base.commit, view.head)).trimEnd()}`);
    }
  }
}

/** They keep a host from making a link, and are not to be seen there. */
function withoutJoiners(text: string): string {
  return text.replaceAll('\u2060', '');
}

/** What stands on the host, as somebody sees it who looks there. */
function tellHost(host: DemoHost, keys: readonly string[], { output }: CommandContext): void {
  const { bold, dim } = output.colours;
  output.print(`\n${bold(`what stands at ${host.origin}`)}`);
  for (const { number, title, head, state, labels, body } of host.requests()) {
    output.print(`\n${dim('request')}  #${number} ${escapeLine(title)}    ${state} · ${head} · ${labels.join(', ')}`);
    output.print(escapeText(body).trimEnd());
  }
  for (const [index, key] of keys.entries()) {
    for (const body of host.commentsOf(index + 1)) {
      output.print(`\n${dim('comment')}  on ${key}\n${escapeText(withoutJoiners(body)).trimEnd()}`);
    }
  }
}

function tellWhereToLook(views: readonly JobView[], made: Demo, { output }: CommandContext): void {
  output.print(output.colours.bold('look further'));
  if (made.tracker === null) {
    output.print(`  the repository, with its branches: git --git-dir ${made.remote} log --all`);
    output.print('  the host is gone with this command; docs/github.md and docs/gitlab.md tell how to use a real one');
    return;
  }
  const waits = views.find(({ wait }) => wait === 'needs-person');
  const baton = `npx baton -c ${made.config}`;
  output.print(`  ${baton} status`);
  output.print(`  ${baton} show ${views[0]?.id ?? '<job>'}`);
  if (waits !== undefined) output.print(`  ${baton} explain ${waits.issue.key}`);
  output.print(`  pull requests and comments: ${join(made.tracker, 'pulls')}, ${join(made.tracker, 'issues')}`);
}

/** `baton demo`: three issues of a small repository, end to end, by the code that `start --once` runs. */
export const demo: Command = async (context, input) => {
  const { output, environment, cwd } = context;
  const { dir } = input.options;
  const forge = readDemoForge(input.options['forge']);
  const directory = typeof dir === 'string' ? resolve(cwd, dir) : await mkdtemp(join(tmpdir(), 'baton-demo-'));
  const agent = agentOf(input);
  await using made = await createDemo(directory, { agent, forge });
  const { host, keys } = made;
  output.tell(`a repository with two bugs, three issues and a configuration: ${directory}`);
  if (host !== null) output.tell(`a host that speaks as ${forge} does, with a token of its own: ${host.origin}`);
  const environmentInside = { ...environment, ...host?.environment };
  const inside: CommandContext = {
    ...context,
    config: made.config,
    environment: environmentInside,
    secrets: createKnownSecrets(environmentInside),
  };
  await using session = await openSession(inside);
  const { jobs } = await workOnce(inside, session);
  const views = jobs.map(viewJob).toSorted((left, right) => left.issue.key.localeCompare(right.issue.key));
  const planned = endedAsPlanned(views, keys, agent.use === 'scripted');
  if (output.json !== null) {
    const requests = host?.requests() ?? null;
    const told = {
      schema: 'baton.demo/v1',
      directory,
      forge,
      asPlanned: planned,
      items: views.map(mapJobJson),
      requests,
    };
    output.printJson(told);
    return planned ? exitCodes.ok : exitCodes.failure;
  }
  for (const view of views) await tellJob(view, session, made, context);
  if (host !== null) tellHost(host, keys, context);
  const { dim, green, red } = output.colours;
  const measured = views.find(({ sandbox }) => sandbox !== null)?.sandbox ?? null;
  output.print(`\n${dim('sandbox')}  ${measured === null ? 'not measured: no command ran' : renderSandbox(measured)}`);
  const handedIn = views.filter(isHandedIn).length;
  const waiting = views.filter(({ wait }) => wait === 'needs-person').length;
  output.print(
    `${planned ? green('✓') : red('✗')} ${handedIn} pull requests with green checks, ${waiting} waiting for a person`,
  );
  tellWhereToLook(views, made, context);
  return planned ? exitCodes.ok : exitCodes.failure;
};
