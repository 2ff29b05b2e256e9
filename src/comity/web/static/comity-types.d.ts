/** What the server tells the element; docs/api.md says more. Only the type checker reads this. */

export interface Person {
  id: string;
  name: string;
}

export interface Rule {
  id: string;
  title: string;
}

export interface Comment {
  id: string;
  parent: string | null;
  depth: number;
  author: Person | null;
  html: string | null;
  status: "published" | "held" | "rejected" | "withdrawn" | "removed";
  created_at: string;
  edited_at: string | null;
  replies: number;
  items: Comment[];
  more: string | null;
  /** From here on: only told to the writer. */
  text?: string;
  may_edit?: boolean;
  edit_until?: string;
  statement?: Statement | null;
}

/** Why a comment is held or rejected; the fields that are shown beside it. */
export interface Statement {
  summary: string;
  spans: [number, number][];
  rules: { title: string; prose_html: string; url: string }[];
  note: string;
  appeal_url: string;
  care: Help | null;
}

/** What the newsroom tells somebody in despair. */
export interface Help {
  title: string;
  prose_html: string;
}

export interface Page {
  items: Comment[];
  next: string | null;
}

export interface Story {
  key: string;
  headline: string;
  open: boolean;
  comments: number;
  version: number;
}

export interface Discussion extends Page {
  story: Story;
}

export interface Notice {
  message: string;
  until: string | null;
  appeal_url: string | null;
}

export interface Mine {
  me: Person;
  may_write: boolean;
  sanction: Notice | null;
  items: Comment[];
  flagged: string[];
}

export interface Posted {
  id: string;
  status: Comment["status"];
  html: string;
  statement: Statement | null;
  comment: Comment;
}

export interface Preview {
  outcome: "publish" | "hold" | "reject";
  notes: {
    rule: string;
    title: string;
    prose_html: string;
    words: string[];
    spans: [number, number][];
    nudge: boolean;
  }[];
  care: Help | null;
}

export interface Draft {
  text: string;
  /** The words that were last sent, and the id they went with. */
  sent?: string;
  id?: string;
}

/** What is being written. */
export interface Plan {
  /** The draft's name: "new", "reply-ID" or "edit-ID". */
  name: string;
  label: string;
  replyTo: string | null;
  /** The id of the comment that is edited, and its text so far. */
  edits?: string;
  text?: string;
  done(posted: Posted): void;
  cancel?(): void;
}

/** The calls, by name. */
export interface Calls {
  thread(sort: string, after: string | null): Promise<Discussion>;
  replies(id: string, after: string): Promise<Page>;
  comment(id: string): Promise<{ comment: Comment; ancestors: Comment[] }>;
  rules(): Promise<{ items: Rule[] }>;
  mine(): Promise<Mine>;
  preview(text: string, replyTo: string | null): Promise<Preview>;
  post(text: string, replyTo: string | null, clientId: string): Promise<Posted>;
  edit(id: string, text: string): Promise<Posted>;
  withdraw(id: string): Promise<void>;
  flag(id: string, rule: string, note: string): Promise<void>;
  signOut(): Promise<void>;
}

/** One and many, or one for all. */
export type Table = Record<string, string | [string, string]>;
