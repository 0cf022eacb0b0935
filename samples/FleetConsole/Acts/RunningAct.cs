using IotOps.Detect;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>An act that was begun in this console.</summary>
/// <param name="Act">Such as <c>quarantine.execute</c>.</param>
/// <param name="By">Who began it.</param>
/// <param name="Since">When.</param>
/// <param name="Stop">Ends it between its calls.</param>
internal sealed record RunningAct(string Act, string By, DateTimeOffset Since, CancellationTokenSource Stop)
{
    /// <summary>How it stands at its end; null when it failed.</summary>
    public Task<QuarantineStatus?> End { get; set; } = Task.FromResult<QuarantineStatus?>(null);

    /// <summary>Why it ended before its end; null when it did not.</summary>
    public string? Problem { get; set; }

    /// <summary>Set when its end was written down, shortly before <see cref="End"/> completes.</summary>
    public bool HasEnded { get; set; }

    public bool IsRunning => !HasEnded && !End.IsCompleted;
}
