/** What is known of an issue and of the work on it when a turn begins. Texts from outside are without what a page hides. */
export interface PromptVariables {
  /** Of the issue, as its tracker writes it. */
  readonly issueKey: string;
  readonly title: string;
  readonly body: string;
  readonly comments: readonly { readonly author: string; readonly body: string }[];
  /** Whether the issue's text was longer, and is cut. */
  readonly clipped: boolean;
  /** A line that nobody can guess: what others wrote stands between two of it. */
  readonly fence: string;
  /** A line for each check that is red on the untouched base. */
  readonly redOnBase: readonly string[];
  /** Counts from 1. */
  readonly turn: number;
  /** What stands in the working tree: nothing yet, a result that was judged, or one that was handed in. */
  readonly stands: 'nothing' | 'judged' | 'handed-in';
  /** What came of the last turn, or was said about its result; empty where nothing was. */
  readonly feedback: string;
  /** The last words of another agent that could not go on with this turn; empty where none began it. */
  readonly leftOff: string;
  /** What people who may have said since the last turn. */
  readonly steering: readonly string[];
}

/** An operator's own form of the prompt of each turn, in the place of Baton's. */
export interface PromptTemplate {
  /** `task`: Baton's own prompt for the turn. */
  render(variables: PromptVariables & { readonly task: string }): string;
}
