// Offered and not taken: what came of it and why, which the board needs and no list of people keeps.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useMemo, useState } from "preact/hooks";
import { wrongIn, type Draft, type Question } from "../../../core/asked";
import { joiningOf } from "../../../core/caseload";
import type { Joining } from "../../../core/caseTypes";
import { t } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { Asked } from "../../../parts/team/Asked";
import { AskForm } from "../../../parts/team/CaseParts";
import { pathOf } from "../../../parts/team/joinSteps";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useChange } from "../../../parts/team/useChange";

export const address = "/team/join-decline/:id";

const ASKED: Question[] = [
  { id: "offer_outcome", kind: "radio", values: ["declined", "not-suitable", "withdrawn"], needed: true },
  {
    id: "offer_reason",
    kind: "radio",
    values: ["no-need", "privacy", "technology", "cost", "too-ill", "other", "not-stated"],
    needed: true,
  },
];

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const { route } = useLocation();
  const id = params["id"] ?? "";
  const joining = useResource(useMemo(() => joiningOf(id), [id])).body;
  const [draft, setDraft] = useState<Draft>({});
  const changing = useChange();
  const submit = async (): Promise<void> => {
    const wrong = wrongIn(ASKED, draft);
    changing.fail(wrong);
    if (wrong.length > 0 || !joining) return;
    const answer = await changing.send<Joining>({
      path: `/joinings/${id}/decline`,
      body: { outcome: draft["offer_outcome"], reason: draft["offer_reason"] },
      version: joining.version,
    });
    if (answer.kind === "done") route("/team/join");
  };
  return (
    <Page
      title={t("join.declineTitle")}
      hasError={changing.errors.length > 0}
      header={<TeamHeader />}
      back={{ href: pathOf(id, "carry-on"), words: t("nav.back") }}
    >
      {joining?.state === "declined" ? (
        <p>{t("join.wasDeclined")}</p>
      ) : (
        <AskForm errors={changing.errors} busy={changing.busy} words={t("join.decline")} onSubmit={() => void submit()}>
          <p>{t("join.declineWords")}</p>
          <Asked
            asked={ASKED}
            draft={draft}
            errors={changing.errors}
            onChange={(part) => setDraft((had) => ({ ...had, ...part }))}
          />
        </AskForm>
      )}
    </Page>
  );
}
