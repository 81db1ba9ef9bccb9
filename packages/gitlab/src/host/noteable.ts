/** Where notes stand. */
export interface Noteable {
  readonly kind: 'issue' | 'merge request';
  readonly projectId: number;
  readonly iid: number;
}
