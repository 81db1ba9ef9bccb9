import { runProcess } from './run-process.ts';

async function exists(revision: string): Promise<boolean> {
  const result = await runProcess('git', ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], {
    output: 'keep',
  });
  return result.exitCode === 0;
}

/** The line that a branch leaves: a plain clone of one branch may know no other name for it than HEAD. */
async function findBase(): Promise<string | null> {
  for (const revision of ['origin/main', 'main', 'HEAD']) if (await exists(revision)) return revision;
  return null;
}

const base = await findBase();
if (base === null) {
  console.log('There is no commit yet to compare with.');
} else {
  const status = await runProcess('changeset', ['status', `--since=${base}`], { output: 'keep' });
  if (status.exitCode !== 0) {
    console.log(
      `${status.output.trimEnd()}\nfix: say what a user will notice with "npx changeset" and commit the file.`,
    );
  }
  process.exitCode = status.exitCode;
}
