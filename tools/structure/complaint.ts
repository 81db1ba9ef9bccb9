/** One broken rule: where, what is wrong, and how to mend it. */
export interface Complaint {
  readonly where: string;
  readonly what: string;
  readonly fix: string;
}

export function formatComplaint(complaint: Complaint): string {
  return `${complaint.where}: ${complaint.what}\n  fix: ${complaint.fix}`;
}
