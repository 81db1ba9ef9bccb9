/** Items on their way from a process to a reader who may be slow: whoever brings them waits for room. */
export interface ItemQueue<Item> {
  /** Resolves once there is room for more. False where nobody will take any more. */
  push(item: Item): Promise<boolean>;
  /** No more will come; what is there can still be taken. */
  end(): void;
  /** Nothing will be taken any more. */
  drop(): void;
  /** Null after the end. */
  take(): Promise<Item | null>;
  readonly size: number;
}

/** A queue that holds so many items. */
export function createItemQueue<Item>(room: number): ItemQueue<Item> {
  let items: Item[] = [];
  let state: 'open' | 'ended' | 'dropped' = 'open';
  let waiting: (() => void)[] = [];
  const stir = (): void => {
    const all = waiting;
    waiting = [];
    for (const wake of all) wake();
  };
  const change = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  return {
    async push(item) {
      if (state !== 'open') return false;
      items.push(item);
      stir();
      while (state === 'open' && items.length >= room) await change();
      return state === 'open';
    },
    end() {
      if (state === 'open') state = 'ended';
      stir();
    },
    drop() {
      state = 'dropped';
      items = [];
      stir();
    },
    async take() {
      while (items.length === 0 && state === 'open') await change();
      const item = items.shift() ?? null;
      stir();
      return item;
    },
    get size() {
      return items.length;
    },
  };
}
