namespace IotOps.Logs.Tail;

/// <summary>Takes the events of one log stream. Sinks are independent: one that is refused never slows another.</summary>
/// <remarks>Called by the tail's one thread.</remarks>
internal interface IEventSink
{
    /// <summary>
    /// Copies an event in. False when there is no room now: offer the same event again after the sinks' wake signal.
    /// An event taken here is not yet safe: it is once the checkpoint is past it.
    /// </summary>
    bool TryAppend(in TailedEvent tailed);

    /// <summary>
    /// Says that the bytes behind events of this source may not be there for a second read: the file was deleted, or truncated
    /// with no copy to be found. While the service is out of reach such events are kept on disk.
    /// </summary>
    void SourceIsVanishing(long sourceId);
}
