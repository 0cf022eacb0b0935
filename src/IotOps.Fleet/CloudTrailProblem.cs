namespace IotOps.Fleet;

/// <summary>Something that is wrong with a source of records. What was readable of it was read all the same.</summary>
/// <param name="Source">The file, the object as <c>s3://bucket/key</c>, or the name that was given to a stream.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">Where: bytes of the uncompressed content before it. Null when no place can be told.</param>
/// <param name="Message">One sentence for an operator.</param>
public sealed record CloudTrailProblem(string Source, CloudTrailProblemKind Kind, long? Offset, string Message)
{
    /// <summary>One line: <c>a.json.gz: byte 120: the file is cut short</c>.</summary>
    public override string ToString() => Offset is { } offset ? $"{Source}: byte {offset}: {Message}" : $"{Source}: {Message}";
}
