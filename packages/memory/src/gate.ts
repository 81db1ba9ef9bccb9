import type {
  CallOptions,
  CheckEvidence,
  CheckProof,
  Gate,
  GateInput,
  GateResult,
  ProofInput,
  VerifyCheckout,
  WorkspaceView,
} from '@baton/core';

/** Reads a file of the tree that is judged. Null where there is none. */
export type ReadTreeFile = (path: string) => Promise<string | null>;

/** What an in-memory gate is made with. */
export interface MemoryGateOptions {
  /** Default: `memory-gate`. */
  readonly id?: string;
  /** The verdict on a tree. Default: `pass` with no evidence. */
  readonly judge?: (read: ReadTreeFile, input: GateInput) => GateResult | Promise<GateResult>;
  /** Evidence on the untouched base. Absent: the gate has no `baseline`. */
  readonly baseline?: (read: ReadTreeFile) => readonly CheckEvidence[] | Promise<readonly CheckEvidence[]>;
  /** What the tests of a change show, read on checkouts that `open` makes new. Absent: the gate has no `prove`. */
  readonly prove?: (
    open: (checkout: VerifyCheckout) => Promise<ReadTreeFile>,
    input: ProofInput,
  ) => readonly CheckProof[] | Promise<readonly CheckProof[]>;
  /** Only told where `baseline` is given. Default: none, so the engine never caches. */
  readonly cacheKey?: string;
}

/** A gate that judges by a function of the test's own, and tells what it was asked. */
export interface MemoryGate extends Gate {
  /** How often `baseline` was called. */
  readonly baselineCalls: number;
  /** The trees that `check` was asked about, in order. */
  readonly checkedTrees: readonly string[];
}

/** Makes a gate that runs no command and waits for nothing: each call takes microtasks only. */
export function createMemoryGate(options: MemoryGateOptions = {}): MemoryGate {
  const checkedTrees: string[] = [];
  let baselineCalls = 0;
  const { baseline: measure, prove } = options;
  return {
    spec: 'gate/1',
    id: options.id ?? 'memory-gate',
    ...(options.cacheKey === undefined ? {} : { cacheKey: options.cacheKey }),
    ...(measure === undefined
      ? {}
      : {
          async baseline(checkout: VerifyCheckout, call?: CallOptions) {
            call?.signal?.throwIfAborted();
            await checkout.renew(call);
            baselineCalls += 1;
            return untilAborted(measure(readerOf(checkout, call)), call);
          },
        }),
    ...(prove === undefined
      ? {}
      : {
          async prove(input: ProofInput, call?: CallOptions) {
            call?.signal?.throwIfAborted();
            const open = async (checkout: VerifyCheckout): Promise<ReadTreeFile> => {
              await checkout.renew(call);
              return readerOf(checkout, call);
            };
            return untilAborted(prove(open, input), call);
          },
        }),
    async check(input, call) {
      call?.signal?.throwIfAborted();
      checkedTrees.push(input.tree);
      await input.checkout.renew(call);
      const judge = options.judge ?? (() => ({ verdict: 'pass', checks: [] }) as const);
      return untilAborted(judge(readerOf(input.checkout, call), input), call);
    },
    get baselineCalls() {
      return baselineCalls;
    },
    get checkedTrees() {
      return [...checkedTrees];
    },
  };
}

function readerOf(workspace: WorkspaceView, call: CallOptions | undefined): ReadTreeFile {
  return async (path) => {
    const bytes = await workspace.readFile(path, call);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  };
}

/** A function of the test's own may wait for ever; an abort ends the call all the same. */
function untilAborted<T>(result: T | Promise<T>, call: CallOptions | undefined): Promise<T> {
  const signal = call?.signal;
  if (!signal) return Promise.resolve(result);
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    Promise.resolve(result)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
