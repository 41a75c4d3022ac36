// For whom something may be recorded: whose record is open, or, with the session over, whose phone this is.
import { mayRecord } from "../core/outbox";
import { phoneState } from "../core/phone";
import { recordedFor } from "../core/session";
import { vaultState } from "../core/vault";
import { useMayRecord, useOpenPatient, useSession, useValue } from "./hooks";

export interface RecordFor {
  /** Null: nobody's, so nothing can be recorded. */
  patient: string | null;
  /** False: what was kept cannot be read now, and what is recorded waits or goes sealed. */
  isOpen: boolean;
}

export function useRecordFor(): RecordFor {
  const open = useOpenPatient();
  const session = useSession();
  useValue(phoneState);
  const isLocked = useValue(vaultState).state === "locked";
  useMayRecord();
  if (open) return { patient: open.id, isOpen: true };
  if ((session.kind === "in" && !isLocked) || !mayRecord()) return { patient: null, isOpen: false };
  return { patient: recordedFor()?.id ?? null, isOpen: false };
}
