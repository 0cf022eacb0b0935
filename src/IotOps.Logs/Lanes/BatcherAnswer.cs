namespace IotOps.Logs.Lanes;

/// <summary>What became of an event offered to a <see cref="LogBatcher"/>.</summary>
internal enum BatcherAnswer
{
    /// <summary>It is in the batch.</summary>
    Taken,

    /// <summary>The batch is at a limit: take it, then offer the event again.</summary>
    Full,

    /// <summary>All streams together hold as much memory as they may.</summary>
    NoMemory,
}
