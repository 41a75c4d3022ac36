// Whose phone is paired: the person's own, or that of somebody who may act for them and whose right stands.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Care } from "../../../core/caseTypes";
import { t } from "../../../core/words";
import { RadioField } from "../../../parts/team/Field";
import { PairPhone } from "../../../parts/team/PairPhone";

export function Phones(props: { care: Care }): JSX.Element {
  const { care } = props;
  const [whom, setWhom] = useState("self");
  const proxies = care.proxies.filter((one) => one.stands);
  const choices = [
    { value: "self", words: care.patient.display_name },
    ...proxies.map((one) => ({ value: one.id, words: one.name })),
  ];
  const name = choices.find((one) => one.value === whom)?.words ?? "";
  return (
    <>
      <p>{t("pairPhone.intro")}</p>
      {choices.length > 1 && (
        <RadioField id="whose" legend={t("pairPhone.whose")} value={whom} choices={choices} onInput={setWhom} />
      )}
      <PairPhone
        key={whom}
        whom={{
          path: `/patients/${care.patient.id}/pairing-codes`,
          body: { for: whom },
          words: t("pairPhone.makeFor", { who: name }),
        }}
        paired={false}
      />
    </>
  );
}
