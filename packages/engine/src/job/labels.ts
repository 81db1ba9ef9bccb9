/** What people see of a job, as one of Baton's labels without its prefix. */
export type StatusLabel = 'working' | 'review' | 'needs-person' | 'failed' | 'done';

/** All of them, so that the others can be taken off. */
export const statusLabels: readonly StatusLabel[] = ['working', 'review', 'needs-person', 'failed', 'done'];
