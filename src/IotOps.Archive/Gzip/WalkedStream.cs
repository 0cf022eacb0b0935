namespace IotOps.Archive.Gzip;

/// <summary>What a walk over a deflate stream found.</summary>
/// <param name="FinalHeader">Bit of the buffer at which the last block begins: the mark that it is the last.</param>
/// <param name="End">Bit behind the last block.</param>
/// <param name="Length">Bytes of its output.</param>
/// <param name="LastByte">The last of these, or <see cref="Unknown"/> when there is none or its trail leads too far back.</param>
internal readonly record struct WalkedStream(long FinalHeader, long End, long Length, int LastByte)
{
    public const int Unknown = -1;
}
