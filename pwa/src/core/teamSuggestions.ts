// What people said about the words of their pathway, as those read it who answer: what was said, and not by whom.
import type { FeedbackAbout } from "./feedbackTypes";
import { once } from "./resources";
import type { Resource } from "./sync";

export interface Suggestion {
  id: string;
  version: number;
  about: FeedbackAbout;
  ref: string | null;
  helpful: boolean | null;
  words: string;
  pathways: string[];
  /** Of those that the asker's own people are on. */
  titles: string[];
  at: string;
  asked: string | null;
  answer: string | null;
  answered_by: string | null;
  answered_at: string | null;
}

export interface HelpfulCount {
  pathway: string;
  title: string;
  about: FeedbackAbout;
  yes: number;
  no: number;
}

export interface TeamSuggestions {
  as_of: string;
  rows: Suggestion[];
  helpful: HelpfulCount[];
}

export function teamSuggestions(): Resource<TeamSuggestions> {
  return once<TeamSuggestions>("team-suggestions", "/suggestions", () => false);
}
