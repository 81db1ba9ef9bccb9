/** Runs what is given one after the other. */
export type InTurn = <Result>(body: () => Promise<Result>) => Promise<Result>;

/** A queue of one. A failure doesn't hold up who comes next. */
export function createInTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (body) => {
    const result = last.then(body);
    last = result.catch(() => undefined);
    return result;
  };
}
