using System.Security.Cryptography;

namespace IotOps.Emulator.Checksums;

/// <summary>A checksum by one of the platform's hashes.</summary>
internal sealed class CryptographicChecksum(HashAlgorithmName algorithm) : Checksum
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(algorithm);

    public override void Append(ReadOnlySpan<byte> data) => _hash.AppendData(data);

    public override byte[] Finish() => _hash.GetHashAndReset();

    public override void Dispose() => _hash.Dispose();
}
