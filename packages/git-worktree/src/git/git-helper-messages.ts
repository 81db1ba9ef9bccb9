/** One git command, whole. */
export interface GitRun {
  readonly argv: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
  /** Written to standard input. Null: that is closed at once. */
  readonly input: string | null;
  /** What `input` and the output are as bytes. In `latin1` each byte is one character, so that none is lost. */
  readonly encoding: 'utf8' | 'latin1';
  /** Git is ended once it has printed more than so many bytes. */
  readonly maxBytes: number;
  /** Stands in `env`: by it every process of the command is found. */
  readonly marker: string;
  /** Whether somebody waits for it. Else it leaves the processor to whatever else wants it. */
  readonly isUrgent: boolean;
}

/** What became of it. */
export interface GitOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  /** Its beginning, where there is much of it. */
  readonly stderr: string;
  /** Whether there was more than `maxBytes`: `stdout` is then the beginning, and `exitCode` tells nothing. */
  readonly isCut: boolean;
}

/** What the helper is told. */
export type HelperMessage =
  | ({ readonly type: 'run'; readonly id: number } & Omit<GitRun, 'marker'>)
  | { readonly type: 'cancel'; readonly id: number };

/** What the helper says. */
export type HelperReply =
  | { readonly type: 'ended'; readonly id: number; readonly outcome: GitOutcome }
  /** It began, and something else than git itself ended it. */
  | { readonly type: 'killed'; readonly id: number; readonly why: string }
  | { readonly type: 'not-run'; readonly id: number; readonly why: string }
  | { readonly type: 'idle' };
