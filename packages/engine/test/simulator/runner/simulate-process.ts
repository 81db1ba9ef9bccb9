/** A worker of `npm run simulate`: runs what it is told, and tells what it finds. */
import { runSeeds } from './run-seeds.js';
import type { WorkerNews, WorkerOrder } from './worker-message.js';

const tell = (news: WorkerNews): void => {
  process.send?.(news);
};

process.once('message', (order: WorkerOrder) => {
  void runSeeds(order, (broken) => {
    tell(broken);
    return true;
  }).then((done) => {
    tell(done);
    process.disconnect();
  });
});
