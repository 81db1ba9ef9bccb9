import { basename, dirname } from 'node:path';
import { defences } from './defences/all-defences.js';
import type { Defence } from './defences/defence.js';
import type { Row } from './row.js';
import { rowsByAim } from './rows/all-rows.js';

const beginning = `# Security

Baton reads what strangers write and can write to repositories. It is built on the assumption that an injection succeeds and the agent is hostile; what counts is what the agent can then reach. How to report a hole: [SECURITY.md](../SECURITY.md).

This page is made of the table that the tests run (\`apps/daemon/test/hostile\`). A test holds the two together; \`npx vitest run apps/daemon/test/hostile/security-page.test.ts -u\` writes it anew.

## How it is tried

\`npm run test:hostile\` runs the built daemon once for each row, over a folder of issues and a bare remote, with an agent that does what the row says. Secrets are planted in the daemon's environment, home and state, in files beside it and in another issue. Whatever the row is about, the run also fails where

- a planted secret stands in the branch, the pull request, comments, what was printed, or the database;
- anything outside changed by a byte or in its mode, or the default branch moved;
- a server of the attacker's or a socket of the host's was reached;
- a process is left, or others on the machine could enter Baton's state;
- the daemon ended, or the next job was not worked as if nothing had been.

Each defence is then taken away, by replacing its part in the daemon's sources, and its row must fall; and all rows are run without a sandbox, so that it is known what the sandbox carries. What succeeds today stands here as a known gap: its test fails once it is held.

## What may be lost

| what | to whom |
| --- | --- |
| keys, tokens and files of the daemon's machine | an agent, and through it whoever wrote a text that it read |
| the code of the repository, and of others on the same machine | the same |
| the default branch, and what CI and developers run | the same, by a change that looks checked |
| money and time | whoever can set work going |

Trusted are the operator and their configuration, the people whom the host gives write permission, the host, the model's provider, the kernel, git and bubblewrap. Not trusted are texts of issues and comments, the agent and whatever it starts, the tree that it leaves, code that is run to check it, and answers of hosts that it may reach.

## What is tried
`;

const remaining = `
## What remains

- **A trusted author can ask for bad code.** Whoever may write may also ask for it. A person reviews; Baton never merges.
- **An allowed host is a way out.** What may be reached can be told anything, and so can the model's provider. List as few hosts as the work needs. What is refused beside them is told; where none is listed there is no proxy, and nothing to tell.
- **A kernel bug breaks any sandbox without a virtual machine.** Namespaces are no hypervisor. Run Baton on a machine of its own.
- **Code under test can lie inside its own process.** It runs where its own result is made. A report tells tests that vanished, and what the runner printed tells of failures that a report or an exit code was made to leave out later. What does not hold: code that changes the runner in memory (its counts, its reporters) before it sums up, or that silences it and prints a summary in its place. Nor is a witness what a runner doesn't print: one whose lines aren't known, that was told to be quiet or to print its report alone, and one whose output contradicts its report on the base too. A reader of the diff sees the rest.
- **A test that still stands can be worth less.** Checks are run with the files of tests as the base has them too, and files of tests are known by the conventions of their names: one that stands among the code that it tests, or under a name of its own, is taken as the change has it. What is new is not weighed: a test that came with the change may ask for nothing. Give each check a report, and read what a change does to tests.
- **A check's command is as good as what it writes.** A report that is configured and never written leaves the exit code alone to judge by; the pull request says so.
- **A check runs more than its command names.** Followed are files by name and scripts of the base's \`package.json\` (npm, pnpm, Yarn, Bun), up to 200 of them in 50 manifests; one that is a symlink itself is not read. What these files import, what a Makefile or another runner's recipe starts, and a workspace that is chosen by its package's name are not: the recipes are protected themselves, and \`protectedPaths\` takes the rest.
- **A build is compared with the base's.** What a build (\`after\`) writes over counts where the base's build left it alone, and of what it makes anew, what lists know for steering checks; tests that it makes are not among that. With \`baseline: false\`, or where the base can't be built, there is nothing to compare with: a build may then replace what its check runs. A build and its check in one command are never told apart.
- **A setup is known by names.** Checks see what it made under the names of dependencies, and copies there of what a change changes are told. What it compiles of the repository's sources *into* such a directory, or what \`workspace.setup.keep\` names, is of the base, and a check that looks at that says nothing of the change. Where a change adds a file below a name that is such in some ecosystems alone (a nested \`vendor\`, \`deps\` or \`local\`), it comes before what the setup made there.
- **An agent can have its provider answer that it is away.** A request that makes a model's server fail again and again counts as its outage: its job waits up to five minutes at a time, and no attempt is counted; nobody else waits before a second job finds the same. What a provider says of the key itself, such as when a usage limit ends, holds for all jobs at once, and an agent that asks a great deal can bring it about. Another agent in the list takes over; cancel the job that it began with.
- **A checkout that is kept is the agent's.** Where \`run --keep\` names one, git at its root was made anew; its files, repositories in directories below among them, are as the agent left them, and were not judged. The same holds for what \`rescue restore\` brings in, of which nothing is run. Look at both, and run neither.
- **The disk is shared.** So much of it is kept free as \`minFreeDisk\` says, looked at each second: what is written within one second, or where no process of Baton's looks, can fill it all the same, and what a process holds open without a name is seen only on Linux, not on its way through a socket, and of a process that lets nobody look into it by root alone: then another job may be taken for the one that wrote most. For that a file of the daemon’s own holds back up to 8 MiB (an eighth of \`minFreeDisk\` at most): once nothing more can be written it goes, so that the store can be, and the job that did it ends. Where others fill that, too, work stands still until a person makes room. Watched are bytes, not the number of files, which some file systems bound too. A setup of the base that fills it is nobody's fault among the jobs: then work waits. Put the state on a file system of its own, with a quota where there is one.
- **What is known can be missed in a new dress.** Secrets are searched for in many encodings, not in all: an encrypted, compressed or twice encoded one leaves unseen. Files that steer are lists, and lists have gaps.
- **A refusal costs, too.** Whoever can have the label set without the permission, as by a template of issues that sets it, has each of their issues looked at, refused and commented on once: some ten requests to the host each, before what was handed over later. \`perActorPerHour\` counts what is begun, and no refusals. Set no label of Baton’s by a template, and lock out who does it on purpose.
- **A pushed branch starts what the host is set up to start.** Keep secrets from branches that nobody has looked at, by the host's settings for CI.
- **Hidden text is taken out to lower noise.** It is no boundary: visible text can instruct an agent as well.
- **In a folder, logins are taken at their word.** Whoever can write it can write any author. No change may touch a folder that the configuration names where it lies in a checkout, nor anything below \`.baton\`; what is committed under one path and read under another isn't known for the same.
- **Without a sandbox an agent can do what the daemon's user can.** \`required\` is the default, and refuses to run where a probe gets through; \`best-effort\` and \`off\` say so in each pull request.
`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

function defenceCell({ defence }: Row): string {
  const { what, module }: Defence = defences[defence];
  return module === null ? what : `${what} ([${basename(module)}](../${module}))`;
}

function unconfinedCell(row: Row): string {
  if (row.hurtsUnconfined !== undefined) return `not run: ${row.hurtsUnconfined}`;
  return row.unconfined === undefined ? 'as with one' : `falls: ${row.unconfined.join(', ')}`;
}

function line(row: Row): string {
  const outcome = row.gap === undefined ? row.outcome : `**known gap**: ${row.gap.why}`;
  const cells = [`\`${row.id}\``, `${row.attack}. ${row.why}.`, defenceCell(row), outcome, unconfinedCell(row)];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function proofLine([id, { what, module, proof }]: [string, Defence]): string {
  const shown = typeof proof === 'string' ? proof : `\`${proof.row}\` falls: ${proof.breaks.join(', ')}`;
  const where = module === null ? 'none' : `[${basename(dirname(dirname(module)))}/${basename(module)}](../${module})`;
  return `| \`${id}\` | ${cell(what)} | ${where} | ${cell(shown)} |`;
}

/** \`docs/security.md\`. */
export function renderSecurityPage(): string {
  const tables = Object.entries(rowsByAim).map(([aim, rows]) =>
    [
      `### ${aim}`,
      '',
      '| test | attack, and why it is tried | first defence | outcome | without a sandbox |',
      '| --- | --- | --- | --- | --- |',
      ...rows.map(line),
    ].join('\n'),
  );
  const proofs = [
    '## What falls without each defence',
    '',
    '| defence | what it does | where | taken away |',
    '| --- | --- | --- | --- |',
    ...Object.entries<Defence>(defences).map(proofLine),
  ].join('\n');
  return `${beginning}\n${tables.join('\n\n')}\n\n${elsewhere}\n${proofs}\n${remaining}`;
}

const elsewhere = `### Tried elsewhere

What needs a host, a model or a program of its own is tried in other suites: permissions and edits of the hosts (\`packages/github/test\`, \`packages/gitlab/test\`), what an agent may ask of its model and what it is charged (\`packages/model-proxy/test\`), probes of the sandbox (\`packages/sandbox/test\`), configuration that comes back by Baton's own branch (\`apps/daemon/test/config/config-origin.test.ts\`), the real agents with hostile settings in the repository (\`apps/daemon/test/real-agents.agents.test.ts\`), crashes at each step (\`apps/daemon/test/kill-each-step.nightly.test.ts\`).
`;
