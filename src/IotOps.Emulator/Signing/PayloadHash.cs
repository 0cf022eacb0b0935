namespace IotOps.Emulator.Signing;

/// <summary>What may stand in x-amz-content-sha256 besides a hash.</summary>
internal static class PayloadHash
{
    public const string Unsigned = "UNSIGNED-PAYLOAD";

    public const string SignedChunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

    public const string SignedChunksWithTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";

    public const string UnsignedChunksWithTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
}
