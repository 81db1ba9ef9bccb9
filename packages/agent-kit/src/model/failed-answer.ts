import type { JsonValue } from '@baton/core';

/** What a model's server told of a failure, as it came. */
export interface ToldFailure {
  /** Of the answer. Null: it was told inside one which had begun well. */
  readonly status: number | null;
  /** Parsed, or the text itself where it is no JSON; of a failure inside an answer, what stands for it there. */
  readonly body: JsonValue;
  /** Of the answer, by name in lower case. Null: it has no such header, as no failure inside an answer has. */
  header(name: string): string | null;
}

/** A failure on its way to whoever knows what its protocol means by it. */
export class FailedAnswer extends Error implements ToldFailure {
  readonly status: number | null;
  readonly body: JsonValue;
  readonly header: ToldFailure['header'];

  constructor({ status, body, header }: ToldFailure) {
    super("The model's server told of a failure.");
    this.status = status;
    this.body = body;
    this.header = header;
  }

  /** One that was told inside an answer which had begun well. */
  static inside(body: JsonValue): FailedAnswer {
    return new FailedAnswer({ status: null, body, header: () => null });
  }
}
