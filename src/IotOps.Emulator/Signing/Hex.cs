using System.Security.Cryptography;

namespace IotOps.Emulator.Signing;

/// <summary>Lower-case hexadecimal, the form that Signature Version 4 uses throughout.</summary>
internal static class Hex
{
    public static string Encode(ReadOnlySpan<byte> bytes) =>
#if NET9_0_OR_GREATER
        Convert.ToHexStringLower(bytes);
#else
#pragma warning disable CA1308 // the protocol asks for lower case
        Convert.ToHexString(bytes).ToLowerInvariant();
#pragma warning restore CA1308
#endif

    public static string Sha256(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Encode(hash);
    }
}
