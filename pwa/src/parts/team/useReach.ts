// One person's ways of being reached, asked for while the page is open, and often while a test is under way.
import { useCallback, useEffect, useState } from "preact/hooks";
import { ApiError } from "../../core/api";
import { readReach, type Reach } from "../../core/reach";

const TEST_MS = 2000;

export interface Reached {
  reach: Reach | null;
  trouble: ApiError | null;
  pull: () => Promise<void>;
}

export function useReach(id: string | null): Reached {
  const [reach, setReach] = useState<Reach | null>(null);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const pull = useCallback(async () => {
    const answer = await readReach(id);
    setTrouble(answer instanceof ApiError ? answer : null);
    if (!(answer instanceof ApiError)) setReach(answer);
  }, [id]);
  useEffect(() => void pull(), [pull]);
  const waits = reach?.test?.state === "waiting";
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => void pull(), TEST_MS);
    return () => clearInterval(timer);
  }, [waits, pull]);
  return { reach, trouble, pull };
}
