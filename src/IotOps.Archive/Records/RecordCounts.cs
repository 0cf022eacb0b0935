namespace IotOps.Archive.Records;

/// <summary>How many records went which way.</summary>
internal struct RecordCounts
{
    /// <summary>Wanted.</summary>
    public long Written;

    /// <summary>Left out: another device's, of another time, or without the text that was asked for.</summary>
    public long Unwanted;

    /// <summary>Left out: what could not be read, by the reason.</summary>
    public UnreadableCounts NoJson;

    /// <inheritdoc cref="NoJson"/>
    public UnreadableCounts TooLong;

    /// <inheritdoc cref="NoJson"/>
    public UnreadableCounts NoIdentifier;

    /// <inheritdoc cref="NoJson"/>
    public UnreadableCounts NoTime;

    /// <summary>All that could not be read.</summary>
    public readonly long Unreadable => NoJson.Records + TooLong.Records + NoIdentifier.Records + NoTime.Records;

    /// <summary>Bytes of all that could not be read.</summary>
    public readonly long UnreadableBytes => NoJson.Bytes + TooLong.Bytes + NoIdentifier.Bytes + NoTime.Bytes;

    public void Add(RecordVerdict verdict, long records, long bytes)
    {
        switch (verdict)
        {
            case RecordVerdict.Wanted:
                Written += records;
                break;
            case RecordVerdict.Unwanted:
                Unwanted += records;
                break;
            case RecordVerdict.TooLong:
                TooLong = TooLong.Plus(new(records, bytes));
                break;
            case RecordVerdict.NoIdentifier:
                NoIdentifier = NoIdentifier.Plus(new(records, bytes));
                break;
            case RecordVerdict.NoTime:
                NoTime = NoTime.Plus(new(records, bytes));
                break;
            default:
                NoJson = NoJson.Plus(new(records, bytes));
                break;
        }
    }
}
