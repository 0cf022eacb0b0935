namespace IotOps.Emulator.Logs;

/// <summary>One event where it lies.</summary>
internal readonly record struct StoredEvent(LogBatch Batch, int Index)
{
    public EventKey Key => new(Batch.Timestamps[Index], Batch.FirstSequence + Index);

    public ReadOnlySpan<byte> Message => Batch.Message(Index);
}
