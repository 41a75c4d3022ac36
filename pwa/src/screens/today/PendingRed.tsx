// A red reading that only this phone knows of yet is the first card too: the network being away changes no advice.
import type { JSX } from "preact";
import { savedState } from "../../core/saved";
import type { redPending } from "../../core/selfReadings";
import { RedCard } from "../../parts/RedCard";
import { useJudging } from "../../parts/useTaking";

export function PendingRed(props: {
  patient: string;
  red: NonNullable<ReturnType<typeof redPending>>;
  now: Date;
  connected: boolean;
}): JSX.Element {
  const { patient, red, now, connected } = props;
  const judging = useJudging(patient, red.reading);
  return (
    <RedCard
      judging={judging}
      reading={red}
      state={savedState(red.id)}
      now={now}
      connected={connected}
      level={red.level}
    />
  );
}
