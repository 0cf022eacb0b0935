namespace IotOps.Emulator.Batch;

/// <summary>Why a running attempt is ended from outside.</summary>
/// <param name="Reason">What the job's status says then.</param>
/// <param name="MayRetry">Whether the next attempt, where there is one left, may follow: after a reclaimed Spot task, not after TerminateJob.</param>
/// <param name="IsAsked">Whether TerminateJob or CancelJob asked for it.</param>
internal sealed record BatchEnd(string Reason, bool MayRetry, bool IsAsked = false);
