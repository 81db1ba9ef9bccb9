/** A command that can't go on for a reason of the command line itself: usage, an ambiguous name, a refused prompt. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** Kebab-case, for `--json`. */
  readonly code: string;
  readonly exit: 'failure' | 'usage' | 'notFound' | 'daemonUnreachable' | 'pending' | 'refused' | 'interrupted';
  /** What a person can do about it, as one imperative sentence. */
  readonly fix: string;

  constructor(message: string, init: Pick<CommandError, 'code' | 'exit' | 'fix'>) {
    super(message);
    this.code = init.code;
    this.exit = init.exit;
    this.fix = init.fix;
  }
}
