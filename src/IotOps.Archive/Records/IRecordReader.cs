namespace IotOps.Archive.Records;

/// <summary>Splits one object's decoded bytes, given block by block, and hands what it finds to a sink.</summary>
internal interface IRecordReader
{
    /// <summary>True where another reader could go on: nothing is under way.</summary>
    bool IsClean { get; }

    /// <summary>What was read since the last call.</summary>
    RecordCounts TakeCounts();

    /// <summary>Takes what ends in a block.</summary>
    /// <param name="block">Bytes, beginning where the last call stopped.</param>
    /// <param name="isLast">No bytes follow.</param>
    /// <returns>Bytes that are done with; the rest comes again, with more behind it.</returns>
    int Scan(ReadOnlySpan<byte> block, bool isLast);
}
