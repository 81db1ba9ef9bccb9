import { type ProcessResult, runProcess } from './run-process.ts';

export interface Stage {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Runs one stage, quiet while it is green: one line, and all of its output where it fails. */
export async function reportStage(stage: Stage): Promise<ProcessResult> {
  const start = performance.now();
  const result = await runProcess(stage.command, stage.args, { output: 'keep' });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (result.exitCode === 0) console.error(`✓ ${stage.name} (${seconds} s)`);
  else
    console.error(
      `${result.output.trimEnd()}\n✗ ${stage.name} failed with exit code ${result.exitCode} (${seconds} s)`,
    );
  return result;
}

/** Runs the lanes beside each other and the stages of a lane in turn; a failed first stage ends its lane. */
export async function runStages(lanes: readonly (readonly Stage[])[]): Promise<readonly string[]> {
  const failed = await Promise.all(
    lanes.map(async (lane) => {
      const names: string[] = [];
      for (const stage of lane) {
        const { exitCode } = await reportStage(stage);
        if (exitCode !== 0) names.push(stage.name);
        if (stage.name === 'build' && exitCode !== 0) break;
      }
      return names;
    }),
  );
  return failed.flat();
}
