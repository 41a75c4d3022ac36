// The public answer: the question put in one's own words first, because what was written may say who wrote it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { planDrafts } from "../../../core/teamPlan";
import { teamSuggestions, type Suggestion } from "../../../core/teamSuggestions";
import { t } from "../../../core/words";
import { TextBox } from "../../../parts/Fields";
import { AskForm } from "../../../parts/team/CaseParts";
import { useChange } from "../../../parts/team/useChange";

const LEAST = 3;

interface Said {
  asked: string;
  answer: string;
}

export function AnswerForm(props: { one: Suggestion; onDone: () => void }): JSX.Element {
  const { one } = props;
  const [asked, answer] = [`asked-${one.id}`, `answer-${one.id}`];
  const kept = planDrafts.get(one.id) as Said | undefined;
  const [said, setSaid] = useState<Said>(kept ?? { asked: one.asked ?? "", answer: one.answer ?? "" });
  const changing = useChange();
  const change = (next: Said): void => {
    planDrafts.set(one.id, next);
    setSaid(next);
  };
  const send = async (): Promise<void> => {
    const wrong = [
      ...(said.asked.trim().length < LEAST ? [{ field: asked, words: t("feedback.askedEmpty") }] : []),
      ...(said.answer.trim().length < LEAST ? [{ field: answer, words: t("feedback.answerEmpty") }] : []),
    ];
    changing.fail(wrong);
    if (wrong.length > 0) return;
    const body = { asked: said.asked.trim(), answer: said.answer.trim() };
    const sent = await changing.send({ path: `/suggestions/${one.id}/answer`, body, version: one.version });
    await teamSuggestions().pull();
    if (sent.kind !== "done") return;
    planDrafts.delete(one.id);
    props.onDone();
  };
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("feedback.send")} onSubmit={() => void send()}>
      <TextBox
        id={asked}
        label={t("feedback.asked")}
        hint={t("feedback.askedHint")}
        rows={2}
        maxLength={500}
        errors={changing.errors}
        value={said.asked}
        onInput={(words) => change({ ...said, asked: words })}
      />
      <TextBox
        id={answer}
        label={t("feedback.answer")}
        rows={4}
        maxLength={2000}
        errors={changing.errors}
        value={said.answer}
        onInput={(words) => change({ ...said, answer: words })}
      />
    </AskForm>
  );
}
