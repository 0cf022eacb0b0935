using System.Security.Cryptography;

namespace IotOps.Aws.Signing;

/// <summary>Lower-case hex, which the base library writes only from .NET 9 on.</summary>
internal static class LowerHex
{
    public static void Write(ReadOnlySpan<byte> bytes, Span<char> hex)
    {
        ReadOnlySpan<char> digits = "0123456789abcdef";
        for (int i = 0; i < bytes.Length; i++)
        {
            hex[2 * i] = digits[bytes[i] >> 4];
            hex[(2 * i) + 1] = digits[bytes[i] & 15];
        }
    }

    /// <summary>A digest as SigV4's payload hash.</summary>
    public static string OfDigest(ReadOnlySpan<byte> digest)
    {
        Span<char> hex = stackalloc char[2 * SHA256.HashSizeInBytes];
        Write(digest, hex);
        return new string(hex);
    }

    /// <summary>SHA-256 of bytes in memory.</summary>
    public static string OfSha256(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return SigV4Request.EmptyPayloadHash;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return OfDigest(digest);
    }
}
