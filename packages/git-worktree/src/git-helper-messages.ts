/** One git command, whole. */
export interface GitRun {
  readonly argv: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
  /** Written to standard input. Null: that is closed at once. */
  readonly input: string | null;
  /** Stands in `env`: by it every process of the command is found. */
  readonly marker: string;
  /** Whether somebody waits for it. Else it leaves the processor to whatever else wants it. */
  readonly isUrgent: boolean;
}

/** What became of it. */
export interface GitOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
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
