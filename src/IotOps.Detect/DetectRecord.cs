namespace IotOps.Detect;

/// <summary>What is remembered of a thing.</summary>
/// <param name="Thing">The thing's name; of a client without a thing its client id.</param>
/// <param name="Version">1 at first, one more with each change.</param>
/// <param name="State">The evaluator's bytes, at most <see cref="MaxStateBytes"/>.</param>
public sealed record DetectRecord(string Thing, long Version, ReadOnlyMemory<byte> State)
{
    /// <summary>300 KiB: an item of DynamoDB holds 400 KB.</summary>
    public const int MaxStateBytes = 300 * 1024;
}
