namespace IotOps.Archive.Records;

/// <summary>Takes what a <see cref="RecordScanner"/> splits its bytes into. All bytes come, in order, in one of three ways.</summary>
internal interface IRecordSink
{
    /// <summary>A record that was read whole.</summary>
    void Record(ReadOnlySpan<byte> record, RecordVerdict verdict);

    /// <summary>What stands between records: blanks, newlines, commas, the brackets of an array of records.</summary>
    void Between(ReadOnlySpan<byte> bytes);

    /// <summary>What could not be read; a broken record may come in several calls.</summary>
    void Broken(ReadOnlySpan<byte> bytes);

    /// <summary>A broken record ends here.</summary>
    void BrokenEnd();
}
