namespace IotOps.Logs.Upload;

/// <summary>How a file is cut into parts: S3 takes 10,000 of 5 MiB to 5 GiB, of which the last may be shorter.</summary>
internal readonly record struct PartPlan(long FileLength, long PartLength)
{
    public const int MostParts = 10_000;
    public const long SmallestPart = 5L << 20;
    public const long LargestPart = 5L << 30;

    private const long MiB = 1L << 20;

    public int Count => (int)((FileLength + PartLength - 1) / PartLength);

    /// <exception cref="ArgumentException">S3 takes no object that long.</exception>
    public static PartPlan For(long fileLength, long preferredPart)
    {
        if (fileLength > LargestPart * MostParts)
        {
            throw new ArgumentException($"The file has {fileLength} bytes; S3 takes at most {LargestPart * MostParts}.", nameof(fileLength));
        }

        long needed = (fileLength + MostParts - 1) / MostParts;
        long grown = (needed + MiB - 1) / MiB * MiB;
        return new PartPlan(fileLength, Math.Max(preferredPart, grown));
    }

    public long Offset(int index) => index * PartLength;

    public long Length(int index) => Math.Min(PartLength, FileLength - Offset(index));
}
