// The shapes of what people said about the words of their pathway, and what was answered to everybody.

export type FeedbackAbout = "advice" | "plan" | "check-in" | "reading" | "messages";

/** Nobody is told who asked; one's own stands here while nobody has answered it. */
export interface Answered {
  id: string;
  pathways: string[];
  asked: string;
  answer: string | null;
  /** Which role answered. */
  by: string | null;
  answered_at: string | null;
  mine: boolean;
}

export interface Suggestions {
  rows: Answered[];
}
