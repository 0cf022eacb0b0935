namespace IotOps.Emulator.Logs;

/// <summary>What a session of StartLiveTail has to tell at its next second: 500 events at most, as many as the service sends. Thread-safe.</summary>
internal sealed class LiveTailSession(LiveTailRequest request, string account, string region)
{
    private const int MaxEvents = 500;

    private readonly Lock _lock = new();
    private List<(string Stream, string Identifier, string Message, long Timestamp, long Ingestion)> _events = [];
    private bool _isSampled;

    public LiveTailRequest Request { get; } = request;

    public void Offer(LogGroup group, LogStream stream, LogBatch batch)
    {
        if (!Request.Wants(group, stream))
        {
            return;
        }

        string identifier = $"arn:aws:logs:{region}:{account}:log-group:{group.Name}";
        lock (_lock)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                if (!Request.Pattern.Matches(batch.Message(i)))
                {
                    continue;
                }

                if (_events.Count == MaxEvents)
                {
                    _isSampled = true;
                    return;
                }

                _events.Add((stream.Name, identifier, System.Text.Encoding.UTF8.GetString(batch.Message(i)), batch.Timestamps[i], batch.Ingestion));
            }
        }
    }

    /// <summary>What came since the last call, and whether it is not all.</summary>
    public (IReadOnlyList<(string Stream, string Identifier, string Message, long Timestamp, long Ingestion)> Events, bool IsSampled) Take()
    {
        lock (_lock)
        {
            (List<(string Stream, string Identifier, string Message, long Timestamp, long Ingestion)> events, bool isSampled) = (_events, _isSampled);
            (_events, _isSampled) = ([], false);
            return (events, isSampled);
        }
    }
}
