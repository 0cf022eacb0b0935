namespace IotOps.Archive.Uploading;

/// <summary>
/// How large the parts of an upload are, when its length is not known before its end: S3 takes 10,000 parts of 5 MiB to 5 GiB.
/// Half of the parts hold what is expected; should more come, the others double every 250 parts, up to 5 GiB.
/// See <see href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html"/>.
/// </summary>
internal sealed class PartPlan(long expectedBytes, long smallest)
{
    public const int MostParts = 10_000;
    public const long SmallestPart = 5L << 20;
    public const long LargestPart = 5L << 30;

    private const int Planned = MostParts / 2;
    private const int Doubling = 250;

    private readonly long _base = Math.Clamp(((expectedBytes / Planned) | 0xFFFFF) + 1, smallest, LargestPart);

    /// <summary>Bytes at which a part is long enough.</summary>
    /// <param name="number">Its number, from 1.</param>
    public long SizeOf(int number)
    {
        int doublings = Math.Max(0, (number - Planned + Doubling - 1) / Doubling);
        return doublings > 10 || _base > LargestPart >> doublings ? LargestPart : _base << doublings;
    }
}
